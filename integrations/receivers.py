"""What integrations do when something happens in the frame."""

from __future__ import annotations

from typing import Any

import structlog
from django.db import DatabaseError, transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from integrations.flows import audit, forget, links
from xoplatform import signals
from xoplatform.core.errors import PlatformError
from xoplatform.models import ApiKey, App, EndUser

log = structlog.get_logger(__name__)


@receiver(signals.end_user_erasing, dispatch_uid="integrations.forget")
def forget_person(end_user: EndUser, pseudonym: str, **_kwargs: Any) -> None:
    forget.forget(end_user, pseudonym)


@receiver(signals.describe_erasure, dispatch_uid="integrations.held_about")
def held_about(end_user: EndUser, **_kwargs: Any) -> list[str]:
    return forget.held_about(end_user)


@receiver(post_save, sender=EndUser, dispatch_uid="integrations.invite_new_users")
def invite_new_users(instance: EndUser, created: bool, raw: bool = False, **_kwargs: Any) -> None:
    """A new end user is sent links where the App's actions say so; it never keeps the person from being stored."""
    if created and not raw and instance.email:
        transaction.on_commit(lambda: _invite(instance))


def _invite(end_user: EndUser) -> None:
    try:
        links.invite(end_user)
    except (PlatformError, DatabaseError) as error:
        log.warning("new_user_not_invited", end_user=end_user.pk, error=type(error).__name__)


@receiver(signals.api_key_changed, dispatch_uid="integrations.note_key")
def note_key(key: ApiKey, what: str, by: Any, details: dict[str, Any], **_kwargs: Any) -> None:
    audit.note(key.app, f"key_{what}", actor=by, what=str(key), details=details)


@receiver(signals.webhook_changed, dispatch_uid="integrations.note_webhook")
def note_webhook(app: App, name: str, what: str, by: Any, details: dict[str, Any], **_kwargs: Any) -> None:
    audit.note(app, f"webhook_{what}", actor=by, what=name, details=details)
