"""What can go wrong with dialogs, in words for the person who meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

    @property
    def more(self) -> dict[str, Any]:
        return {"problems": self.problems}


class BadNode(DialogError):
    """The request cannot be made yet: {problems} Nothing was sent. Mend the node and try again."""

    code = "bad_node"


class RequestChanges(DialogError):
    """“{request}” may change something, and it was not sent yet. Confirm that you mean it."""

    code = "request_changes"
    status = 409


class TaskNameTaken(DialogError):
    """{app} already has a dialog task named {name}. Nothing was changed. Choose another name."""

    code = "task_name_taken"
    status = 409


class ChangedMeanwhile(DialogError):
    """{task} was edited while it was being published. Nothing was published. Look at the change and publish again."""

    code = "changed_meanwhile"
    status = 409


class ChangedSinceLook(DialogError):
    """{task} was edited after this page was opened. Nothing was changed. Look at what is different now, then
    decide again."""

    code = "changed_since_look"
    status = 409


class UnknownVersion(DialogError):
    """{task} has no published version {version}. Nothing was changed. Choose one of those listed."""

    code = "unknown_version"
    status = 404


class StaleImport(DialogError):
    """Dialogs of {app} were changed after this report was made. Nothing was imported. Look at the new report, then
    apply it."""

    code = "stale_import"
    status = 409


class UnknownImport(DialogError):
    """This file was applied already, or it waited for more than a day and was deleted. Nothing was changed by this.
    Upload it again."""

    code = "unknown_import"
    status = 404


class NoFile(DialogError):
    """No file was chosen, so nothing was read or changed. Choose one and send it again."""

    code = "no_file"


class FailedTests(DialogError):
    """{task} was not published: {count} test(s) failed. First: {first} Look at them under Tests, or publish anyway."""

    code = "tests_failed"
    status = 409

    def __init__(self, task: str, failures: Sequence[Mapping[str, Any]]) -> None:
        self.failures = [dict(failure) for failure in failures]
        name = f"“{self.failures[0]['name']}”: {self.failures[0]['first']}" if self.failures else ""
        super().__init__(task=task, count=len(self.failures), first=name)

    @property
    def more(self) -> dict[str, Any]:
        return {"tests": self.failures}


class BadTest(DialogError):
    """The test cannot be read: {reason} It was not stored or run. Whoever wrote it can mend it."""

    code = "bad_test"


class UnknownTest(DialogError):
    """There is no such test in this App. Nothing was changed. Choose one of those listed."""

    code = "unknown_test"
    status = 404


class TakenTestName(DialogError):
    """{app} already has a test named {name}. Nothing was changed. Choose another name."""

    code = "test_name_taken"
    status = 409


class NothingToRecord(DialogError):
    """This conversation cannot be made a test: nothing was said in it, it is too long, or what was answered in it is
    no longer kept. No test was made. Have a new conversation, then record it."""

    code = "nothing_to_record"
    status = 409


class CannotGoBack(DialogError):
    """This turn cannot be tried again: what it began with is no longer kept, it waited for something from outside, or
    the draft no longer has the node that waited. The conversation is as it was. Start a new one."""

    code = "cannot_go_back"
    status = 409


class EditConflict(DialogError):
    """{task} was changed by {people} in the same place, so your edit was not saved. Nothing is lost: look at both and
    choose."""

    code = "edit_conflict"
    status = 409

    def __init__(
        self,
        *,
        revision: int,
        others: Sequence[Mapping[str, Any]],
        conflicts: Sequence[Mapping[str, Any]],
        **words: str,
    ) -> None:
        self.revision, self.others, self.conflicts = revision, list(others), list(conflicts)
        super().__init__(**words)

    @property
    def more(self) -> dict[str, Any]:
        return {"revision": self.revision, "others": self.others, "conflicts": self.conflicts}


class EditTooOld(DialogError):
    """{task} was changed so much since you opened it that your edit cannot be placed, and it was not saved. Load the
    canvas again and make the edit anew."""

    code = "too_old"
    status = 409


class NothingPublished(DialogError):
    """{task} was never published, so there is no version to go back to. The draft is as it was. Undo takes back
    single edits."""

    code = "nothing_published"
    status = 409


class BadTaskName(DialogError):
    """“{name}” cannot be the name of a dialog task. Nothing was changed. Choose one of letters, digits, “_” and “-”, at
    most 100."""

    code = "bad_task_name"


class UnsafeDesk(DialogError):
    """The agent desk's address must begin with https, unless an administrator has allowed its host. Nothing was
    changed. Choose another address."""

    code = "unsafe_desk"


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


class EmptyFile(DialogError):
    """“{name}” is empty, so it was not kept. The conversation is as it was. Choose another file."""

    code = "empty_file"


class FileTooBig(DialogError):
    """“{name}” is larger than {limit}, so it was not kept. The conversation is as it was. Send a smaller one."""

    code = "file_too_big"
    status = 413


class UnknownFile(DialogError):
    """There is no such file here, or it is kept no longer. Nothing was sent. Attach it again."""

    code = "unknown_file"
    status = 404


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


class BadSettings(DialogError):
    """The setting {name} {reason}. No setting was changed. Choose another value and save again."""

    code = "bad_settings"


class QueueUnreachable(DialogError):
    """The job queue does not answer, so this was not started. Nothing was changed. An administrator of this
    installation can start the queue; then try again."""

    code = "queue_unreachable"
    status = 503


class BadSignature(DialogError):
    """The signature of this delivery was not accepted, so nothing was done with it. {reason}"""

    code = "bad_signature"
    status = 401


class UnknownAddress(DialogError):
    """Nothing waits at this address. Nothing was done. Use the address exactly as it was given."""

    code = "unknown_address"
    status = 404


class WaitOver(DialogError):
    """What waited at this address waits no more: {reason} Nothing was done."""

    code = "wait_over"
    status = 410


class BadDelivery(DialogError):
    """This delivery could not be read: {reason} It was not taken, and the conversation waits on."""

    code = "bad_delivery"


class DeliveryTooBig(DialogError):
    """This delivery is larger than {limit}, so it was not read. The conversation waits on. Send less."""

    code = "delivery_too_big"
    status = 413


class TooManyRequests(DialogError):
    """Too many requests came from here, so this one was not read. Nothing is lost: try again in {seconds} seconds."""

    code = "too_many_requests"
    status = 429


class BadWebhook(DialogError):
    """The webhook was not saved: {reason} Change that and save it again."""

    code = "bad_webhook"


class TooManyWebhooks(DialogError):
    """{app} has {limit} webhooks already, which is the most an App may have. None was made. Delete one first."""

    code = "too_many_webhooks"
    status = 409


class WebhookIsOff(DialogError):
    """The webhook “{name}” is off. Nothing was sent. A developer of the App can turn it on."""

    code = "webhook_is_off"
    status = 409


class NoChatKey(DialogError):
    """This App has no API key with the scope “chat”. No token was made. An owner can make such a key."""

    code = "no_chat_key"
    status = 409
