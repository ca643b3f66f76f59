"""What an agent is told of a conversation so far."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone

from dialogs.models import Turn
from xoplatform.logs import HIDDEN, redact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dialogs.models import Conversation
    from dialogs.nodes.steps import Reply

#: Turns that are told; an agent reads the end of a long conversation, not all of it.
MOST_TURNS: Final = 100
#: Links to our own pages hold one-time keys.
LINK: Final = re.compile(r"https?://\S+")


def handover(conversation: Conversation, text: str | None, said: Sequence[Reply]) -> dict[str, Any]:
    """The App, the person, and what was said, with what was masked in the transcript left masked.

    ``text`` is the message of the turn that is under way, None for one not to be told; ``said`` its replies so far.
    """
    return {
        "app": {"name": conversation.app.name, "slug": conversation.app.slug},
        "person": _person(conversation),
        "transcript": [*_before(conversation), *_now(text, said)],
    }


def _person(conversation: Conversation) -> dict[str, str]:
    person = conversation.end_user
    return {"id": person.external_id, "name": person.name, "email": person.email, "locale": person.locale}


def _before(conversation: Conversation) -> Iterator[dict[str, str]]:
    if conversation.pk is None:
        return
    rows = Turn.objects.filter(conversation=conversation.pk).order_by("-number").only("text", "replies", "created_at")
    for turn in reversed(rows[:MOST_TURNS]):
        at = turn.created_at.isoformat()
        if turn.text:
            yield _line("person", turn.text, at)
        for reply in turn.replies:
            yield _line(_speaker(reply.get("data")), _told(reply["text"], reply.get("data")), at)


def _now(text: str | None, said: Sequence[Reply]) -> Iterator[dict[str, str]]:
    at = timezone.now().isoformat()
    yield _line("person", HIDDEN if text is None else text, at)
    for reply in said:
        yield _line("bot", _told(reply.text, reply.data), at)


def _line(speaker: str, text: str, at: str) -> dict[str, str]:
    return {"from": speaker, "text": redact(text), "at": at}


def _speaker(data: Mapping[str, Any] | None) -> str:
    return "agent" if data and data.get("type") == "agent" else "bot"


def _told(text: str, data: Mapping[str, Any] | None) -> str:
    """A reply without the links that only the person may open."""
    return without_addresses(text) if data and data.get("url") else text


def without_addresses(text: str) -> str:
    """A text of a reply that leads to a page of one person's alone, for everybody else."""
    return LINK.sub(HIDDEN, text)
