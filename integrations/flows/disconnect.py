"""Ends a connection on our side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from . import audit, grants, news

if TYPE_CHECKING:
    from integrations.models import Connection


def disconnect(connection: Connection, *, actor: Any = None) -> None:
    """Erases the grant's tokens. The App's own action goes to error until it is authorized again.

    Providers without a revocation endpoint keep the grant listed until the person removes it there. Nobody gets a
    mail about the error: somebody chose it, and the audit says who.
    """
    with transaction.atomic():
        audit.note_about(connection, audit.Verb.DISCONNECTED, actor=actor, what=connection.site_name)
        news.tell_of(connection, news.DISCONNECTED)
        if connection.end_user_id is None:
            grants.fail(connection.action, "It was disconnected.", told=True)
        connection.delete()
