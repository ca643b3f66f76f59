"""A channel that talks for one person over the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.api import base

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rest_framework.test import APIClient

    from xoplatform.models import App, EndUser


@dataclass
class Channel:
    api: APIClient
    app: App
    person: EndUser

    @property
    def all(self) -> str:
        return f"{base(self.app)}/conversations/"

    def at(self, conversation: Any, *below: str) -> str:
        return f"{self.all}{conversation}/" + "".join(f"{part}/" for part in below)

    def open(self, text: str = "", **more: Any) -> Any:
        """The answer to opening a conversation."""
        said = {"text": text} if text else {}
        return self.api.post(self.all, {"end_user_id": self.person.pk, **said, **more})

    def opened(self, text: str = "", **more: Any) -> str:
        """The id of a new conversation."""
        answer = self.open(text, **more)
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    def say(self, conversation: str, text: str, headers: Any = None, **more: Any) -> Any:
        return self.api.post(self.at(conversation, "messages"), {"text": text, **more}, headers=headers)


def streamed(answer: Any) -> Iterable[bytes]:
    """The parts of an answer that is sent bit by bit."""
    return answer.streaming_content  # type: ignore[no-any-return]  # the client's stub does not know it


def texts(message: dict[str, Any]) -> list[str]:
    """What was replied to a message, or in a turn."""
    return [reply["text"] for reply in message["replies"]]
