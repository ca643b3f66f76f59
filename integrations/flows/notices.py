"""Mails about grants that are gone or will end: to those who can mend them, and once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from celery import signature
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from integrations.catalog import registry
from integrations.models import Action, Connection
from xoplatform.core.errors import PlatformError
from xoplatform.models import Role

from . import links

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AbstractUser
    from django.db.models import QuerySet

    from xoplatform.models import App


#: Seconds until a claim is committed for sure.
SETTLED = 3


def menders(app: App) -> list[AbstractUser]:
    """Every owner and developer of the App who can sign in and has an e-mail."""
    roles = [role for role in Role if role.covers(Role.DEVELOPER)]
    members = app.members.filter(role__in=roles, user__is_active=True).exclude(user__email="").select_related("user")
    return [member.user for member in members]


def untold() -> Iterable[int]:
    """Actions in error of which nobody was told yet: their job was lost or is still to come."""
    return Action.objects.filter(status=Action.Status.ERROR, error_mailed_at=None).values_list("pk", flat=True)


def tell_action_error(action_id: int) -> int:
    """Hands out one mail to each owner and developer; how many. One UPDATE lets one caller do it per error.

    The jobs are queued before the claim is committed and name it, so a crash in between loses no mail and doubles
    none: a mail whose claim is not there is not sent.
    """
    stamp = timezone.now()
    with transaction.atomic():
        fresh = Action.objects.filter(pk=action_id, status=Action.Status.ERROR, error_mailed_at=None)
        if not fresh.update(error_mailed_at=stamp):
            return 0
        people = menders(Action.objects.select_related("app").get(pk=action_id).app)
        for person in people:
            hand_out("mail_action_error", action_id=action_id, user_id=person.pk, stamp=stamp.isoformat())
    return len(people)


def mail_action_error(action_id: int, user_id: int, stamp: str) -> bool:
    """Mails one of them, unless the action was mended meanwhile. Raises what the mail backend raises."""
    rows = Action.objects.select_related("app").filter(pk=action_id, status=Action.Status.ERROR)
    action = rows.filter(error_mailed_at=datetime.fromisoformat(stamp)).first()
    if action is None:
        return False
    person = next((one for one in menders(action.app) if one.pk == user_id), None)
    if person is None:
        return False
    send("action_error", person.email, **_of(action), reason=action.error_reason, person=name_of(person))
    return True


def unasked() -> Iterable[int]:
    """Connections whose grant was lost and whose person was not asked yet: their job was lost or is still to come."""
    people = Q(end_user__isnull=False) & ~Q(end_user__email="")
    rows = _lost_and_unasked().filter(
        people,
        action__authorization_type=Action.AuthorizationType.ALLOW_USERS,
        action__status__in=(Action.Status.ENABLED, Action.Status.ERROR),
    )
    return rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=500)


def _lost_and_unasked() -> QuerySet[Connection]:
    rows = Connection.objects.filter(state=Connection.State.NEEDS_AUTHORIZATION)
    return rows.filter(~Q(asked_generation=F("generation")) | Q(asked_generation=None))


def ask_person_again(connection_id: int) -> bool:
    """Mails an end user whose grant is gone a new link; whether it was queued. One caller does it, once per loss.

    The link and its mail are queued in the claim's own transaction, so a crash loses neither and doubles neither.
    Without an e-mail, or while the App's action is off, they are asked in chat when they next talk.
    """
    row = Connection.objects.select_related("action__app", "end_user").filter(pk=connection_id).first()
    if row is None or row.end_user is None or not row.end_user.email:
        return False
    try:
        with transaction.atomic():
            mine = _lost_and_unasked().filter(pk=row.pk, generation=row.generation)
            if not mine.update(asked_generation=row.generation):
                return False
            links.send(row.action, row.end_user)
    except PlatformError:
        return False
    return True


def hand_out(job: str, **arguments: Any) -> None:
    """Queues a mail's job inside the transaction of its claim; it starts when that has long been committed.

    A queue that does not answer takes the claim back, and the clock tries again.
    """
    signature(f"integrations.jobs.{job}", kwargs=arguments).apply_async(countdown=SETTLED)


def send(name: str, to: str, **context: Any) -> None:
    """One mail from the pair of templates ``integrations/mail/<name>``; the text's first line is its subject."""
    subject, _blank, text = render_to_string(f"integrations/mail/{name}.txt", context).partition("\n")
    mail = EmailMultiAlternatives(subject.strip(), text.strip() + "\n", settings.DEFAULT_FROM_EMAIL, [to])
    mail.attach_alternative(render_to_string(f"integrations/mail/{name}.html", context), "text/html")
    mail.send()


def _of(action: Action) -> dict[str, Any]:
    path = reverse("admin:app_action", args=[action.app.slug, action.provider])
    return {
        "app": action.app.name,
        "provider": registry.provider(action.provider).manifest.title,
        "url": f"{settings.XO_BASE_URL}{path}",
    }


def name_of(person: AbstractUser) -> str:
    """How a mail addresses a member of the staff."""
    return person.get_full_name() or person.get_username()
