"""A mail to an App's owners before a key that is in use expires: once for each end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from celery import signature
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from .models import ApiKey, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser
    from django.db.models import QuerySet

    from .models import App

#: How long before its end a key is told of, and how lately it must have been used to be missed.
AHEAD: Final = timedelta(days=7)
IN_USE: Final = timedelta(days=7)
#: Seconds until a claim is committed for sure.
SETTLED: Final = 3


def ending() -> QuerySet[ApiKey]:
    """Keys in use that end soon, of whose end nobody was told yet."""
    now = timezone.now()
    soon = ApiKey.objects.filter(revoked_at=None, expires_at__gt=now, expires_at__lte=now + AHEAD)
    used = soon.filter(last_used_at__gte=now - IN_USE)
    return used.filter(Q(warned_of=None) | ~Q(warned_of=F("expires_at")))


def warn() -> int:
    """Hands out a mail to each owner for each such key; how many mails."""
    return sum(_warn_of(key) for key in ending().select_related("app").order_by("pk"))


def _warn_of(key: ApiKey) -> int:
    """One UPDATE lets one caller do it. The mails are queued in its transaction, so a crash loses none of them."""
    with transaction.atomic():
        if not ending().filter(pk=key.pk, expires_at=key.expires_at).update(warned_of=key.expires_at):
            return 0
        people = owners(key.app)
        for person in people:
            hand_out(key_id=key.pk, user_id=person.pk, end=key.expires_at.isoformat() if key.expires_at else "")
    return len(people)


def hand_out(**arguments: Any) -> None:
    """Queues one mail's job inside the transaction of its claim; it starts when that has long been committed."""
    signature("xoplatform.jobs.mail_key_ending", kwargs=arguments).apply_async(countdown=SETTLED)


def owners(app: App) -> list[AbstractUser]:
    """Every owner of the App who can sign in and has an e-mail."""
    rows = app.members.filter(role=Role.OWNER, user__is_active=True).exclude(user__email="").select_related("user")
    return [member.user for member in rows]


def mail(key_id: int, user_id: int, end: str) -> bool:
    """Mails one owner, unless the key was revoked or given more time since. Raises what the mail backend raises."""
    rows = ApiKey.objects.select_related("app").filter(pk=key_id, revoked_at=None, warned_of=F("expires_at"))
    key = rows.filter(expires_at=datetime.fromisoformat(end)).first()
    if key is None:
        return False
    person = next((one for one in owners(key.app) if one.pk == user_id), None)
    if person is None:
        return False
    path = reverse("admin:app_api_key", args=[key.app.slug, key.pk])
    context = {"key": key, "app": key.app, "url": f"{settings.XO_BASE_URL}{path}"}
    context["person"] = person.get_full_name() or person.get_username()
    subject, _blank, text = render_to_string("xoplatform/mail/key_ending.txt", context).partition("\n")
    told = EmailMultiAlternatives(subject.strip(), text.strip() + "\n", settings.DEFAULT_FROM_EMAIL, [person.email])
    told.attach_alternative(render_to_string("xoplatform/mail/key_ending.html", context), "text/html")
    told.send()
    return True
