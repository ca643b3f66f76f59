"""Finding deliveries in the log of a webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.models import WebhookDelivery

if TYPE_CHECKING:
    from dialogs.models import Webhook

#: Deliveries on a page.
PAGE: Final = 50


def deliveries(hook: Webhook, state: str = "", type_: str = "", before: int | None = None) -> list[WebhookDelivery]:
    """The newest first, one more than a page if there are more; ``before`` is the key of the last one seen."""
    rows = WebhookDelivery.objects.filter(webhook=hook).select_related("event").defer("event__data")
    if state:
        rows = rows.filter(state=state)
    if type_:
        rows = rows.filter(type=type_)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: PAGE + 1])
