"""What is sent of an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dialogs.flows.replies import shown

if TYPE_CHECKING:
    from dialogs.models import WebhookEvent


def payload_of(event: WebhookEvent, app_slug: str, *, addresses: bool) -> dict[str, Any]:
    """The JSON of its deliveries. Replies have the form that they have in the API.

    ``addresses``: whether pages that are one person's alone are named, as they must be to the channel which hands them
    on; people who read the log are not told them.
    """
    data = event.data
    if "replies" in data:
        data = data | {"replies": shown(data["replies"], timezone.now(), addresses=addresses)}
    return {
        "id": event.public_id,
        "type": event.type,
        "timestamp": event.created_at.isoformat(),
        "app": app_slug,
        "data": data,
    }
