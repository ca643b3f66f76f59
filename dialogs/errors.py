"""What can go wrong with dialogs, in words for the person who meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xoplatform.core.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class DialogError(PlatformError):
    """The dialog could not do this. Nothing was changed. Ask a developer of the App."""

    code = "dialog_error"


class DialogHasProblems(DialogError):
    """{task} was not published: {count} problem(s) would stop it. First: {first} Mend them on the canvas, then
    publish."""

    code = "dialog_has_problems"
    status = 409

    def __init__(self, task: str, problems: Sequence[Mapping[str, str]]) -> None:
        self.problems = [dict(problem) for problem in problems]
        first = self.problems[0]["message"] if self.problems else ""
        super().__init__(task=task, count=len(self.problems), first=first)


class TaskNameTaken(DialogError):
    """{app} already has a dialog task named {name}. Nothing was changed. Choose another name."""

    code = "task_name_taken"
    status = 409


class ChangedMeanwhile(DialogError):
    """{task} was edited while it was being published. Nothing was published. Look at the change and publish again."""

    code = "changed_meanwhile"
    status = 409


class AlreadyInstalled(DialogError):
    """{title} is installed already and was not installed again. Choose: keep it, install a copy, or replace it."""

    code = "already_installed"
    status = 409


class ActionNotConfigured(DialogError):
    """The action {provider} is not configured in {app}, so nothing was installed. A developer of the App
    can configure it under Integrations, Actions."""

    code = "action_not_configured"
    status = 409


class UnknownTemplate(DialogError):
    """{provider} has no template {template}. Nothing was installed. Choose one of those listed."""

    code = "unknown_template"
    status = 404


class UnknownConversation(DialogError):
    """There is no such conversation with this person. Nothing was said. Start a new one."""

    code = "unknown_conversation"
    status = 404


class UnknownTask(DialogError):
    """There is no such dialog task in this App. Nothing was said. Choose one from the list of dialog tasks."""

    code = "unknown_task"
    status = 404


class MessageTooLong(DialogError):
    """The message is {size} characters long; {limit} is the most. It was not taken, and the conversation is as
    it was. Send a shorter one."""

    code = "message_too_long"
    status = 413


class BadMessage(DialogError):
    """The message could not be read: {reason} It was not taken, and the conversation is as it was."""

    code = "bad_message"


class StillWorking(DialogError):
    """I am still working on your last message, so this one was not taken. Nothing is lost: send it again
    in a moment."""

    code = "still_working"
    status = 409


class TookTooLong(DialogError):
    """This message took so long that another one went ahead. What it had begun is told in the conversation.
    Nothing is done twice."""

    code = "took_too_long"
    status = 409


class RequestTooBig(DialogError):
    """This is far more than a message may hold, so it was not read. The conversation is as it was. Send a
    shorter one."""

    code = "request_too_big"
    status = 413


class QueueUnreachable(DialogError):
    """The job queue does not answer, so this was not started. Nothing was changed. An administrator of this
    installation can start the queue; then try again."""

    code = "queue_unreachable"
    status = 503
