"""An App's signing secret and its agent desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.errors import UnsafeDesk
from dialogs.models import EventSettings
from dialogs.outside.signing import new_secret
from xoplatform.core import http

if TYPE_CHECKING:
    from xoplatform.models import App


def settings_of(app: App) -> EventSettings:
    """The App's settings as stored, or as they would begin; looking at them stores nothing."""
    return EventSettings.objects.filter(app=app).first() or EventSettings(app=app)


def secret_of(app_id: int) -> str:
    """What signs the App's deliveries; made at first use. It is a secret: it goes into signatures and nowhere else."""
    row = EventSettings.objects.filter(app_id=app_id).first()
    if row is None:
        row, _created = EventSettings.objects.get_or_create(app_id=app_id, defaults={"secret": new_secret()})
    if not row.secret:
        row.secret = new_secret()
        row.save(update_fields=["secret", "changed_at"])
    return row.secret.reveal()


def desk_of(app_id: int) -> str:
    """Where the App's agent desk takes over conversations; empty without one."""
    found = EventSettings.objects.filter(app_id=app_id).values_list("desk_url", flat=True).first()
    return found or ""


def renew_secret(app: App) -> str:
    """A new signing secret, shown this once. What was signed with the one before is refused from now on."""
    row = settings_of(app)
    row.secret = secret = new_secret()
    row.save()
    return secret


def check_desk(url: str) -> None:
    """Raises UnsafeDesk for an address that deliveries would not be sent to."""
    try:
        http.require_safe(url)
    except (http.AddressRefused, ValueError):
        raise UnsafeDesk from None


def save_desk(app: App, url: str) -> None:
    """Keeps the desk's address; an empty one means that there is no desk. Raises UnsafeDesk."""
    if url:
        check_desk(url)
    row = settings_of(app)
    row.desk_url = url
    row.save()
