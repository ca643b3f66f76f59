"""Answers of webhooks that come later."""

from __future__ import annotations

import json

from dialogs.errors import BadDelivery

from .arrivals import keep, require_open, wait_at


def receive(token: str, body: bytes) -> None:
    """Takes the one answer of a webhook that was called. Raises UnknownAddress, WaitOver and BadDelivery."""
    wait = wait_at(token, "webhook")
    require_open(wait)
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise BadDelivery(reason="it is not JSON.") from None
    keep(wait, "arrived", data)
