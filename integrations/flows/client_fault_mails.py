"""Mails about registrations that their provider refuses: to those who can correct them, and once per fault."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from integrations.catalog import registry
from integrations.models import ClientFault

from .clients import place_of
from .notices import hand_out, menders, name_of, send

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AbstractUser


def untold_faults() -> Iterable[int]:
    """Faults of which nobody was told yet: their job was lost or is still to come."""
    return ClientFault.objects.filter(told_at=None).values_list("pk", flat=True)


def tell_client_fault(fault_id: int) -> int:
    """Hands out one mail to everybody who can correct the client; how many. One UPDATE lets one caller do it per fault.

    The jobs are queued before the claim is committed and name it, as in `notices.tell_action_error`.
    """
    stamp = timezone.now()
    with transaction.atomic():
        if not ClientFault.objects.filter(pk=fault_id, told_at=None).update(told_at=stamp):
            return 0
        people = people_of(ClientFault.objects.select_related("profile__app").get(pk=fault_id))
        for person in people:
            hand_out("mail_client_fault", fault_id=fault_id, user_id=person.pk, stamp=stamp.isoformat())
    return len(people)


def mail_client_fault(fault_id: int, user_id: int, stamp: str) -> bool:
    """Mails one of them, unless the client was mended meanwhile. Raises what the mail backend raises."""
    rows = ClientFault.objects.select_related("profile__app")
    fault = rows.filter(pk=fault_id, told_at=datetime.fromisoformat(stamp)).first()
    person = next((one for one in people_of(fault) if one.pk == user_id), None) if fault else None
    if fault is None or person is None:
        return False
    send("client_fault", person.email, **_told(fault), person=name_of(person))
    return True


def people_of(fault: ClientFault) -> list[AbstractUser]:
    """Who can correct it: owners and developers of the profile's App, or the operators of the installation."""
    if fault.profile is not None:
        return menders(fault.profile.app)
    users = get_user_model().objects.filter(is_superuser=True, is_active=True)
    return list(users.exclude(email=""))


def page_of_fault(fault: ClientFault) -> str:
    """The path of the page where it is corrected; System clients stand in the settings and have none but Home."""
    if fault.profile_id is None:
        return reverse("admin:index")
    return reverse("admin:integrations_authorizationprofile_change", args=[fault.profile_id])


def _told(fault: ClientFault) -> dict[str, Any]:
    place = place_of(fault.provider, fault.profile)
    return {
        "app": fault.profile.app.name if fault.profile else "",
        "provider": registry.provider(fault.provider).manifest.title,
        "where": place.where,
        "words": fault.words,
        "since": fault.since,
        "url": f"{settings.XO_BASE_URL}{page_of_fault(fault)}",
    }
