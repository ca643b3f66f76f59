"""Conversations with the templates, whose process may die at any instant, and what must hold afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dialogs.flows.converse import post_message
from dialogs.models import Conversation
from integrations import api
from integrations.flows import kept_answers
from tests.factories import EndUserFactory

from .killing import Killed

if TYPE_CHECKING:
    import uuid

    from tests.sandbox import Sandbox
    from xoplatform.models import App, EndUser

    from .killing import Death

#: What is said to each template; {key} is an issue made for the occasion, {words} are like no other conversation's.
TEMPLATES = {
    "create-issue": ("create an issue", "DEMO", "{words}", "Bug"),
    "get-issue-by-key": ("get an issue by key", "{key}"),
    "get-all-issues": ("get all issues",),
    "update-issue": ("update an issue", "{key}", "summary", "{words}"),
    "delete-issue": ("delete an issue", "{key}", "yes"),
    "add-comment": ("add a comment", "{key}", "{words}"),
    "move-issue": ("move an issue", "{key}", "Done"),
    "assign-issue": ("assign an issue", "{key}", "nobody"),
}
#: The operation with which each changes something.
CHANGES = {
    "create-issue": "createIssue",
    "update-issue": "editIssue",
    "delete-issue": "deleteIssue",
    "add-comment": "addComment",
    "move-issue": "doTransition",
}
#: How a message begins or reads that owns up to not knowing.
UNKNOWN = ("unknown", "do not see it", "was lost")


@dataclass
class Outcome:
    """One conversation, to its end: what was said last, and what there is in Jira."""

    said: str
    key: str
    words: str
    sent: int


class Talk:
    """Talks to an App; a message whose process died is delivered again, as a channel does."""

    def __init__(self, app: App, sandbox: Sandbox, death: Death) -> None:
        self.app, self.sandbox, self.death = app, sandbox, death
        self._count = 0

    def run(self, template: str, at: int = 0) -> Outcome:
        """A conversation whose process dies at the given instant (0: never), and goes on."""
        self._count += 1
        kept_answers.forget()  # every conversation begins in a process of its own
        words = f"Once only {self._count}"
        person: EndUser = EndUserFactory.create(app=self.app)
        self.death.chosen(0)
        key = self._issue(f"Made for it {self._count}")
        self.sandbox.forget_counts()
        self.death.chosen(at)
        conversation: uuid.UUID | None = None
        said = ""
        for number, message in enumerate(TEMPLATES[template]):
            answer = self._deliver(person, message.format(key=key, words=words), conversation, f"m{number}")
            conversation, said = answer.conversation, "\n".join(reply["text"] for reply in answer.replies)
        sent = self.sandbox.counts()["requests"].get(CHANGES.get(template, ""), 0)
        self.goes_on(person, conversation)
        return Outcome(said, key, words, sent)

    def goes_on(self, person: EndUser, conversation: uuid.UUID | None) -> None:
        """The conversation is not stuck: it takes the next request."""
        answer = post_message(self.app, person, "create an issue", conversation=conversation)
        assert "key" in answer.replies[-1]["text"]

    def with_words(self, words: str) -> list[str]:
        """The keys of the issues that read so."""
        return [issue["key"] for issue in self.sandbox.issues() if issue["fields"]["summary"] == words]

    def _deliver(self, person: EndUser, text: str, conversation: uuid.UUID | None, message_id: str) -> Any:
        said: dict[str, Any] = {"conversation": conversation, "client_message_id": message_id}
        try:
            return post_message(self.app, person, text, **said)
        except Killed:
            kept_answers.forget()
            Conversation.objects.exclude(claim=None).update(claimed_until=timezone.now() - timedelta(seconds=1))
            return post_message(self.app, person, text, **said)

    def _issue(self, summary: str) -> str:
        fields = {"project": {"key": "DEMO"}, "summary": summary, "issuetype": {"name": "Bug"}}
        made = api.call_operation(
            app_id=self.app.pk,
            end_user_id=None,
            provider="jira",
            operation="createIssue",
            parameters={},
            body={"fields": fields},
            timeout=10,
        )
        assert isinstance(made.body, dict)
        return str(made.body["key"])
