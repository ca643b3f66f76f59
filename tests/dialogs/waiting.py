"""Dialogs that wait for the outside, and a queue that a test empties by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs import jobs
from dialogs.flows.converse import post_message
from dialogs.flows.publish import publish
from dialogs.models import Turn
from tests.dialogs.factories import task
from tests.dialogs.samples import arrow, document, node

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialogs.flows.perform import Answer
    from xoplatform.models import App, EndUser


def calling(url: str, **properties: Any) -> dict[str, Any]:
    """Asks what to order, calls out, says what came back."""
    return document(
        "order",
        [
            node("orderIntent", "intent", utterances=["order something"]),
            node("item", "entity", type="string", prompts=["What do you need?"]),
            node("shop", "webhook", url=url, body={"item": "{{context.entities.item}}"}, **properties),
            node("done", "message", texts=["Ordered: {{context.shop.response.body.number}}"]),
        ],
        [arrow("orderIntent", "item"), arrow("item", "shop"), arrow("shop", "done"), arrow("done", "@end")],
    )


def filling(**properties: Any) -> dict[str, Any]:
    """Has a form filled in."""
    fields = [
        {"name": "summary", "title": "What is it about?", "type": "string", "max_length": 40, "help": "In one line."},
        {"name": "kind", "title": "Type", "type": "list", "choices": ["Bug", "Task"]},
        {"name": "due", "title": "Due", "type": "date", "requirement": "optional"},
        {"name": "details", "title": "Details", "type": "description", "requirement": "optional"},
    ]
    return document(
        "report",
        [
            node("reportIntent", "intent", utterances=["report it"]),
            node("form", "form", fields=fields, intro="Tell us what happened.", **properties),
            node("done", "message", texts=["Got {{context.entities.summary}} ({{context.entities.kind}})."]),
        ],
        [arrow("reportIntent", "form"), arrow("form", "done"), arrow("done", "@end")],
    )


def helping(**properties: Any) -> dict[str, Any]:
    """Hands over to a person."""
    return document(
        "help",
        [
            node("helpIntent", "intent", utterances=["get help"]),
            node("problem", "entity", type="string", prompts=["What is wrong?"]),
            node("team", "agent_transfer", data={"subject": "{{context.entities.problem}}"}, **properties),
            node("back", "message", texts=["Solved: {{context.team.data.note}}"]),
        ],
        [arrow("helpIntent", "problem"), arrow("problem", "team"), arrow("team", "back"), arrow("back", "@end")],
    )


class Talk:
    """One person's conversation with a published dialog."""

    def __init__(self, app: App, person: EndUser, dialog: dict[str, Any]) -> None:
        publish(task(app, dialog))
        self.app, self.person, self.answer = app, person, None

    answer: Answer | None

    def say(self, text: str, client_message_id: str | None = None) -> list[str]:
        known = self.answer.conversation if self.answer else None
        self.answer = post_message(self.app, self.person, text, conversation=known, client_message_id=client_message_id)
        return [reply["text"] for reply in self.answer.replies]

    @property
    def id(self) -> str:
        assert self.answer is not None
        return str(self.answer.conversation)


class Queue:
    """What was queued, until a test has it done."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, dict[str, Any]]] = []

    def put(self, job: str, **arguments: Any) -> None:
        self.jobs.append((job, arguments))

    def work(self) -> None:
        """Does all that is queued now."""
        queued, self.jobs = self.jobs, []
        for name, arguments in queued:
            job: Callable[..., object] = getattr(jobs, name)
            job(**arguments)


def told() -> list[str]:
    """The texts of the last turn that is stored."""
    return [reply["text"] for reply in Turn.objects.latest("pk").replies]
