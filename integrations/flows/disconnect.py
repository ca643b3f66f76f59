"""Ends a connection on our side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from integrations.models import Action

if TYPE_CHECKING:
    from integrations.models import Connection


def disconnect(connection: Connection) -> None:
    """Erases the grant's tokens. The App's own action goes to error until it is authorized again.

    Providers without a revocation endpoint keep the grant listed until the person removes it there.
    """
    with transaction.atomic():
        if connection.end_user_id is None:
            Action.objects.filter(pk=connection.action_id, status=Action.Status.ENABLED).update(
                status=Action.Status.ERROR, error_reason="It was disconnected.", updated_at=timezone.now()
            )
        connection.delete()
