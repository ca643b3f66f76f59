"""Writes down who did what. Nothing secret comes in, and no end user's name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.models import AuditEntry
from xoplatform.logs import redact
from xoplatform.models import ApiKey

if TYPE_CHECKING:
    from collections.abc import Mapping

    from integrations.models import Connection
    from xoplatform.models import App, EndUser

Verb = AuditEntry.Verb


def note(
    app: App,
    verb: str,
    *,
    actor: Any = None,
    end_user: EndUser | None = None,
    provider: str = "",
    connection: Connection | int | None = None,
    what: str = "",
    details: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """One entry, in the transaction of what it tells of.

    ``actor`` is the staff user or the API key that did it; without one it was the end user or the platform. Put no
    person's name or e-mail into ``what`` or ``details``: ``end_user`` says who, and is forgotten when the person is
    erased.
    """
    user = staff_of(actor)
    return AuditEntry.objects.create(
        app=app,
        verb=verb,
        actor=user,
        actor_name=_name_of(actor)[:200],
        end_user=end_user,
        provider=provider,
        connection_id=connection if isinstance(connection, int | None) else connection.pk,
        object=what[:200],
        details=redact(dict(details or {})),
    )


def note_about(connection: Connection, verb: str, **more: Any) -> AuditEntry:
    """An entry about a connection: whose it is and where it belongs are read from it."""
    action = connection.action
    return note(action.app, verb, end_user=connection.end_user, provider=action.provider, connection=connection, **more)


def staff_of(actor: Any) -> Any:
    """The staff user among those who may act; None for a key, an end user and the platform itself."""
    return None if isinstance(actor, ApiKey) or not getattr(actor, "pk", None) else actor


def _name_of(actor: Any) -> str:
    if isinstance(actor, ApiKey):
        return f"API key {actor.name}"
    user = staff_of(actor)
    return (user.get_full_name() or user.get_username()) if user else ""
