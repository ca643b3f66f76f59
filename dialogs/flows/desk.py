"""The App's agent desk: what comes from it, and telling it that a chat is over."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, Final

import structlog
from django.utils import timezone

from dialogs.errors import BadDelivery, QueueUnreachable
from dialogs.models import Arrival, Wait
from dialogs.outside.addresses import address_of
from dialogs.outside.posting import Delivery, post
from dialogs.outside.signing import verify

from .arrivals import keep, require_open, wait_at
from .event_settings import desk_of, secret_of
from .queue import enqueue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xoplatform.models import App

log = structlog.get_logger(__name__)

#: What a desk may send, and the event that it is.
EVENTS: Final = {"message": "said", "return": "returned", "close": "closed"}
#: Longest message of an agent, in characters, and longest name.
LONGEST_TEXT, LONGEST_NAME = 10_000, 100
TIMEOUT: Final = 10.0
#: Answers that say that the desk knows of the end, or of no such chat.
DONE: Final = frozenset({200, 201, 202, 204, 404, 410})


def receive(token: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Takes a delivery of the desk; False for one that was taken before.

    Raises UnknownAddress, BadSignature, BadDelivery and WaitOver.
    """
    wait = wait_at(token, "agent")
    delivery = verify(secret_of(wait.conversation.app_id), headers, body, timezone.now())
    kind, data = _read(body)
    if Arrival.objects.filter(wait=wait, delivery=delivery).exists():
        return False
    require_open(wait)
    return keep(wait, kind, data, delivery)


def _read(body: bytes) -> tuple[str, dict[str, Any]]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise BadDelivery(reason="it is not JSON.") from None
    if not isinstance(told, dict) or told.get("type") not in EVENTS:
        raise BadDelivery(reason=f"its type must be one of {', '.join(EVENTS)}.")
    text, agent = told.get("text", ""), told.get("agent", "")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT or (told["type"] == "message" and not text.strip()):
        raise BadDelivery(reason=f"text must be there, with at most {LONGEST_TEXT:,} characters.")
    if not isinstance(agent, str) or len(agent) > LONGEST_NAME:
        raise BadDelivery(reason=f"agent must be a name of at most {LONGEST_NAME} characters.")
    return EVENTS[told["type"]], {"text": text, "agent": agent, "data": told.get("data")}


def tell_of_end(key: str) -> None:
    """Has an agent desk told that the person left, or that nobody wrote for too long."""
    if not Wait.objects.filter(key=key, kind="agent").exists():
        return
    try:
        enqueue("tell_desk_of_end", key=key)
    except QueueUnreachable:
        log.warning("desk_not_told", wait=key)


def send_end(key: str) -> bool:
    """Tells it; whether it knows now. Sent under the same id each time, so that a repetition does no harm."""
    wait = Wait.objects.select_related("conversation").filter(key=key).first()
    url = desk_of(wait.conversation.app_id) if wait is not None else ""
    if wait is None or not url:
        return True
    payload = {
        "type": "ended",
        "reason": wait.ended_by,
        "conversation": str(wait.conversation.public_id),
        "reply_url": address_of("agent", wait.key),
    }
    delivery = Delivery(f"end_{wait.key.hex}", wait.node, url, payload)
    return post(delivery, secret_of(wait.conversation.app_id), TIMEOUT).status_code in DONE


def try_desk(app: App) -> tuple[bool, str]:
    """Sends a delivery of the type "test" to the App's agent desk; whether it was taken, and how that reads."""
    url = desk_of(app.pk)
    if not url:
        return False, "There is no agent desk to send a test to. Save its address first."
    payload = {"type": "test", "app": {"name": app.name, "slug": app.slug}}
    result = post(Delivery(f"test_{uuid.uuid4().hex}", "agent desk", url, payload), secret_of(app.pk), TIMEOUT)
    if result.outcome != "answered":
        words = result.message or "It could not be reached, or its answer was lost. Check the address and the desk."
        return False, f"The test was not taken. {words}"
    status = result.status_code or 0
    if 200 <= status < 300:  # noqa: PLR2004
        return True, f"The agent desk took the test and answered {status}. Handovers can reach it."
    hint = " It does not accept the signature: give it the App's signing secret." if status in {401, 403} else ""
    return False, f"The agent desk answered {status}, so it did not take the test.{hint}"
