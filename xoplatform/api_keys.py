"""Making, finding, rotating and ending the keys of programs."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from .core.errors import PlatformError
from .core.prepared import PreparedSelect, param
from .models import ApiKey, App, Scope
from .signals import api_key_changed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

#: In front of every key, so that secret scanners and people know one when they see it.
MARK: Final = "xo"
#: How long the old value still opens after a rotation, unless another time is asked for.
OVERLAP: Final = timedelta(hours=24)
LONGEST_OVERLAP: Final = timedelta(days=30)
#: How old the time of last use may be; it is written this often at most.
LAST_USE_STEP: Final = timedelta(minutes=1)
PARTS: Final = 3
#: Compiled once: every request of a program begins with it.
_BY_PREFIX: Final = PreparedSelect(
    lambda: ApiKey.objects.select_related("app").filter(prefix=param(ApiKey, "prefix")).order_by()
)
LARGEST_LIMIT: Final = 1_000_000


class KeyNameTaken(PlatformError):
    """This App has an API key of this name already. Nothing was made or changed. Choose another name."""

    code = "key_name_taken"
    status = 409


class KeyEnded(PlatformError):
    """This API key was revoked or has expired. It was not changed. Make a new one, or give an expired one more time."""

    code = "key_ended"
    status = 409


class ExpiresInThePast(PlatformError):
    """A key cannot expire before it is used. Nothing was made or changed. Give a time to come, or none."""

    code = "expires_in_the_past"


class NoSuchLimit(PlatformError):
    """A key is good for 1 to 1,000,000 requests a minute. Nothing was made or changed. Give a number between."""

    code = "no_such_limit"


class NoScopes(PlatformError):
    """A key needs at least one scope of: chat, people, configuration, read. No key was made or changed."""

    code = "no_scopes"


def create(
    app: App,
    name: str,
    scopes: Iterable[str],
    *,
    expires_at: datetime | None = None,
    requests_per_minute: int = 600,
    by: AbstractBaseUser | AnonymousUser | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its value, which is known now and never again. Raises KeyNameTaken and NoScopes."""
    prefix = secrets.token_hex(6)
    value = _value(prefix)
    fields: dict[str, Any] = {"scopes": known_scopes(scopes), "expires_at": expires_at, "created_by": by}
    try:
        with transaction.atomic():
            key = ApiKey.objects.create(
                app=app,
                name=name,
                prefix=prefix,
                digest=_digest(value),
                requests_per_minute=requests_per_minute,
                **fields,
            )
            _tell(key, "created", by, scopes=key.scopes)
    except IntegrityError:
        raise KeyNameTaken from None
    return key, value


def known_scopes(scopes: Iterable[str]) -> list[str]:
    """Each scope once, in order. Raises NoScopes where none or an unknown one is given."""
    given = set(scopes)
    if not given or not given <= set(Scope.values):
        raise NoScopes
    return [scope for scope in Scope.values if scope in given]


def find(value: str) -> ApiKey | None:
    """The active key that this value opens, with its App; None for any other. One query."""
    parts = value.split("_", PARTS - 1)
    if len(parts) != PARTS or parts[0] != MARK:
        return None
    key = _BY_PREFIX.first(prefix=parts[1][:16])
    return key if key is not None and key.is_active and _opens(key, value) else None


def _opens(key: ApiKey, value: str) -> bool:
    digest = _digest(value)
    if hmac.compare_digest(key.digest, digest):
        return True
    in_time = key.previous_until is not None and key.previous_until > timezone.now()
    return in_time and hmac.compare_digest(key.previous_digest, digest)


def note_use(key: ApiKey) -> None:
    """Writes down that a key was used, once a minute at most."""
    now = timezone.now()
    if key.last_used_at is None or now - key.last_used_at >= LAST_USE_STEP:
        seen = Q(last_used_at=None) | Q(last_used_at__lt=now - LAST_USE_STEP)
        ApiKey.objects.filter(seen, pk=key.pk).update(last_used_at=now)


def change(key: ApiKey, *, by: AbstractBaseUser | AnonymousUser | None = None, **values: Any) -> None:
    """Gives a key another name, scopes, limit or time to expire; what is not given stays.

    An expired key works again when it is given more time. Raises KeyNameTaken, NoScopes, ExpiresInThePast, and KeyEnded
    for a key that was revoked. ``key`` is locked by the caller where more than one may change it.
    """
    if key.revoked_at is not None:
        raise KeyEnded
    if "scopes" in values:
        values["scopes"] = known_scopes(values["scopes"])
    changed = {name: value for name, value in values.items() if getattr(key, name) != value}
    require_future(changed.get("expires_at"))
    if not changed:
        return
    for name, value in changed.items():
        setattr(key, name, value)
    try:
        with transaction.atomic():
            key.save(update_fields=list(changed))
            _tell(key, "changed", by, changed=sorted(changed), scopes=key.scopes)
    except IntegrityError:
        raise KeyNameTaken from None


def require_future(expires_at: datetime | None) -> None:
    """Raises ExpiresInThePast."""
    if expires_at is not None and expires_at <= timezone.now():
        raise ExpiresInThePast


def sensible_limit(requests_per_minute: int) -> int:
    """The same number. Raises NoSuchLimit."""
    if not 1 <= requests_per_minute <= LARGEST_LIMIT:
        raise NoSuchLimit
    return requests_per_minute


def rotate(key: ApiKey, overlap: timedelta = OVERLAP, *, by: AbstractBaseUser | AnonymousUser | None = None) -> str:
    """A new value for the key; the old one opens it for ``overlap`` more (30 days at most). Raises KeyEnded.

    Of more than two values the oldest stops at once: a key has two at most.
    """
    value = _value(key.prefix)
    with transaction.atomic():
        row = ApiKey.objects.select_for_update().get(pk=key.pk)
        if not row.is_active:
            raise KeyEnded
        row.previous_digest, row.digest = row.digest, _digest(value)
        row.previous_until = timezone.now() + min(overlap, LONGEST_OVERLAP)
        row.save(update_fields=["digest", "previous_digest", "previous_until"])
        _tell(row, "rotated", by, old_value_ends=row.previous_until.isoformat())
    key.refresh_from_db()
    return value


def revoke(key: ApiKey, *, by: AbstractBaseUser | AnonymousUser | None = None) -> None:
    """Ends a key at once, and the tokens of people that were minted with it. A second time changes nothing."""
    with transaction.atomic():
        if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
            _tell(key, "revoked", by)
    key.refresh_from_db()


def _tell(key: ApiKey, what: str, by: AbstractBaseUser | AnonymousUser | None, **details: Any) -> None:
    api_key_changed.send(sender=ApiKey, key=key, what=what, by=by, details=details)


def _value(prefix: str) -> str:
    return f"{MARK}_{prefix}_{secrets.token_urlsafe(32)}"


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()
