"""Webhooks in tests: what workers and the clock would do, done at once, and a clock that a test moves."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from dialogs.flows.webhooks import delivering, handing_out, outbox, sweeping
from dialogs.models import Webhook, WebhookDelivery, WebhookEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.dialogs.receiver import Received


class Clock:
    """The present, moved by a test."""

    def __init__(self, real: Callable[[], datetime]) -> None:
        self._real, self._ahead = real, timedelta()

    def now(self) -> datetime:
        return self._real() + self._ahead

    def forward(self, **by: float) -> None:
        self._ahead += timedelta(**by)


def happen(app_id: int, number: int = 1, type_: str = "message.created") -> list[WebhookEvent]:
    """Events that tell nothing but their number."""
    events = [WebhookEvent(app_id=app_id, type=type_, data={"number": n}) for n in range(number)]
    outbox.record(events)
    return list(WebhookEvent.objects.order_by("-pk")[:number][::-1])


def work() -> None:
    """Hands out what is recorded, and sends what is due."""
    handing_out.hand_out(WebhookEvent.objects.filter(handed_out_at=None).values_list("pk", flat=True))
    for webhook_id in sweeping.sweep():
        while delivering.deliver(webhook_id):
            pass


def only_delivery() -> WebhookDelivery:
    return WebhookDelivery.objects.get()


def types_told(received: list[Received]) -> list[str]:
    return [one.json["type"] for one in received]


def is_signed(received: Received, hook: Webhook | str) -> bool:
    """Whether a request carries a signature of this secret: as the specification of Standard Webhooks has it, with
    nothing of the product's."""
    secret = hook if isinstance(hook, str) else hook.secret.reveal()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    name, timestamp = received.headers["webhook-id"], received.headers["webhook-timestamp"]
    mac = hmac.new(key, f"{name}.{timestamp}.".encode() + received.body, hashlib.sha256).digest()
    wanted = base64.b64encode(mac).decode()
    offered = [one.split(",", 1) for one in received.headers["webhook-signature"].split(" ")]
    return any(version == "v1" and signature == wanted for version, signature in offered)


def told(received: list[Received]) -> list[Any]:
    return [one.json["data"] for one in received]
