"""What integrations do when something happens in the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.dispatch import receiver

from integrations.flows import forget
from xoplatform import signals

if TYPE_CHECKING:
    from xoplatform.models import EndUser


@receiver(signals.end_user_erasing, dispatch_uid="integrations.forget")
def forget_person(end_user: EndUser, pseudonym: str, **_kwargs: Any) -> None:
    forget.forget(end_user, pseudonym)


@receiver(signals.describe_erasure, dispatch_uid="integrations.held_about")
def held_about(end_user: EndUser, **_kwargs: Any) -> list[str]:
    return forget.held_about(end_user)
