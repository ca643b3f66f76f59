"""Taking a message at the door, the same for the first of a conversation and all others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dialogs.flows.accept import Posted, Taken, accept

from .conversation_shapes import answered_json, working_json

if TYPE_CHECKING:
    import uuid

    from rest_framework.request import Request

    from dialogs.flows.perform import Answer
    from xoplatform.models import EndUser

    from .chat import ChatView

#: Marks an answer that was given before.
REPLAYED: Final = "Idempotency-Replayed"
#: Seconds for which an answer is waited for unless the request says otherwise, and at most.
WAIT, LONGEST_WAIT = 10, 60
PREFERENCE: Final = re.compile(r"\s*(respond-async|wait)\s*(?:=\s*\"?(\d{1,6})\"?)?\s*(?:;[^,]*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Preference:
    """What the header ``Prefer`` asks for (RFC 7240, 4.1 and 4.3). ``wait`` is in seconds; None: do not wait."""

    wait: float | None = WAIT
    applied: str = ""

    @classmethod
    def of(cls, request: Request) -> Preference:
        """Preferences that mean nothing are ignored, as the RFC says."""
        header = request.headers.get("Prefer")
        return cls() if header is None else cls.read(header)

    @classmethod
    def read(cls, header: str) -> Preference:
        found = {match[1].lower(): match[2] for part in header.split(",") if (match := PREFERENCE.fullmatch(part))}
        if "respond-async" in found:
            return cls(None, "respond-async")
        if found.get("wait") is None:
            return cls()
        seconds = min(int(found["wait"]), LONGEST_WAIT)
        return cls(seconds, f"wait={seconds}")


def post(
    view: ChatView, person: EndUser | None, wanted: dict[str, Any], conversation: uuid.UUID | None, **opening: Any
) -> Answer | Taken:
    """What became of a message, once it is answered or its sender waits no longer."""
    posted = Posted(
        text=wanted["text"],
        client_message_id=wanted.get("client_message_id"),
        files=view.read_files(wanted.get("attachments"), person),
        vouched=wanted["person_signed_in"] or view.caller.signed_in,
        wait=Preference.of(view.request).wait,
    )
    return accept(view.app, person, posted, conversation, **opening)


def told_of(view: ChatView, outcome: Answer | Taken) -> dict[str, Any]:
    """As `MessageSerializer` describes it."""
    if isinstance(outcome, Taken):
        return working_json(outcome)
    return answered_json(outcome, addresses=view.talks_for_people)


def headers_of(view: ChatView, outcome: Answer | Taken) -> dict[str, str]:
    """What an answer says beside its body."""
    headers = {}
    if applied := Preference.of(view.request).applied:
        headers["Preference-Applied"] = applied
    if isinstance(outcome, Taken):
        headers["Location"] = view.address_of(outcome)
        headers["Retry-After"] = "1"
    elif outcome.replayed:
        headers[REPLAYED] = "true"
    return headers
