"""Webhooks of an App: made, changed, turned on and off, given another secret, taken away.

Who does it, a staff user or an API key, is given as ``by`` and stands in the audit.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit, urlunsplit

from django.db import transaction
from django.utils import timezone

from dialogs.errors import BadWebhook, TooManyWebhooks
from dialogs.models import Webhook, WebhookDelivery, WebhookEvent
from dialogs.outside.signing import new_secret
from xoplatform.core import http
from xoplatform.core.crypto import HIDDEN
from xoplatform.signals import webhook_changed

from . import outbox
from .delivering import send
from .handing_out import delivery_of
from .outcomes import settle
from .types import PING, TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xoplatform.models import App

#: Webhooks that an App may have.
MOST: Final = 20
#: How long deliveries are signed with the secret before as well.
BOTH_FOR: Final = timedelta(hours=24)
LONGEST_NAME, LONGEST_URL = 100, 500
EDITABLE: Final = ("name", "url", "events", "active")


def create(
    app: App, name: str, url: str, events: Sequence[str], *, active: bool = True, by: Any = None
) -> tuple[Webhook, str]:
    """A new webhook, and its secret, which can be had this once. Raises BadWebhook and TooManyWebhooks."""
    if Webhook.objects.filter(app=app).count() >= MOST:
        raise TooManyWebhooks(app=app.name, limit=MOST)
    secret = new_secret()
    hook = Webhook(app=app, secret=secret, active=active)
    _fill(hook, name, url, events)
    with transaction.atomic():
        hook.save()
        _tell(hook, "created", by, host=_host(hook), events=hook.events)
    outbox.forget(app.pk)
    return hook, secret


def change(hook: Webhook, name: str, url: str, events: Sequence[str], *, active: bool, by: Any = None) -> None:
    """Saves what can be edited. Turned on again, or given another address, it is tried at once. Raises BadWebhook."""
    before = {field: getattr(hook, field) for field in EDITABLE}
    _fill(hook, name, url, events)
    hook.active = active
    changed = [field for field in EDITABLE if getattr(hook, field) != before[field]]
    if active and {"url", "active"} & set(changed):
        hook.off_reason, hook.failures, hook.held_until = "", 0, None
    with transaction.atomic():
        hook.save(update_fields=[*EDITABLE, "off_reason", "failures", "held_until", "changed_at"])
        if changed:
            _tell(hook, "changed", by, changed=changed, host=_host(hook), events=hook.events, active=active)
    outbox.forget(hook.app_id)


def _fill(hook: Webhook, name: str, url: str, events: Sequence[str]) -> None:
    hook.name, hook.url = _name(name), checked_url(url)
    hook.events = [type_ for type_ in TYPES if type_ in events]
    if not hook.events or set(events) - set(TYPES):
        raise BadWebhook(field="events", reason=f"its events must be one or more of {', '.join(TYPES)}.")


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadWebhook(field="name", reason=f"it needs a name of at most {LONGEST_NAME} characters.")
    return name


def checked_url(url: str) -> str:
    """The address, if deliveries may go there as far as can be seen from it. Raises BadWebhook."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or len(url) > LONGEST_URL or parts.scheme not in {"http", "https"} or any(c.isspace() for c in url):
        raise BadWebhook(field="url", reason=f"its address must be a web address of at most {LONGEST_URL} characters.")
    if parts.username or parts.password or parts.fragment:
        raise BadWebhook(field="url", reason="its address must have no user name, password or #fragment.")
    try:
        http.require_safe(url)
    except http.AddressRefused:
        reason = "its address must begin with https, unless an administrator has allowed its host."
        raise BadWebhook(field="url", reason=reason) from None
    return url


def shown_url(hook: Webhook) -> str:
    """The address as people may read it: what is in its query may be a secret."""
    parts = urlsplit(hook.url)
    hidden = "&".join(f"{part.partition('=')[0]}={HIDDEN}" for part in parts.query.split("&") if part)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, hidden, ""))


def rotate_secret(hook: Webhook, *, by: Any = None) -> str:
    """A new secret, which can be had this once. For `BOTH_FOR` deliveries are signed with the one before as well."""
    before, secret = hook.secret.reveal(), new_secret()
    hook.earlier_secret, hook.earlier_until = before, timezone.now() + BOTH_FOR
    hook.secret = secret
    with transaction.atomic():
        hook.save(update_fields=["secret", "earlier_secret", "earlier_until", "changed_at"])
        _tell(hook, "rotated", by, old_secret_ends=hook.earlier_until.isoformat())
    return secret


def delete(hook: Webhook, *, by: Any = None) -> None:
    """Removes it with its deliveries for good."""
    app_id = hook.app_id
    with transaction.atomic():
        _tell(hook, "deleted", by, host=_host(hook))
        hook.delete()
    outbox.forget(app_id)


def _tell(hook: Webhook, what: str, by: Any, **details: Any) -> None:
    webhook_changed.send(sender=Webhook, app=hook.app, name=hook.name, what=what, by=by, details=details)


def _host(hook: Webhook) -> str | None:
    """Where it leads, for the audit: the rest of an address may be a secret."""
    return urlsplit(hook.url).hostname


def ping(hook: Webhook) -> WebhookDelivery:
    """Sends an event of the type "ping" at once, whatever the webhook listens to, and waits for the answer.

    It is not repeated. Open no database transaction around it.
    """
    now = timezone.now()
    data = {"webhook": {"id": str(hook.key), "name": hook.name}}
    event = WebhookEvent.objects.create(app_id=hook.app_id, type=PING, data=data, created_at=now, handed_out_at=now)
    row = delivery_of(event, hook)
    row.started_at, row.next_attempt_at, row.retry_until = now, None, now
    row.save()
    (answer,) = send(hook, [row])
    settle(row, answer)
    row.save()
    return row
