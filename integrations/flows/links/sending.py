"""Mails with links: each is handed to the mail server at most once.

The order is what keeps that promise: compose, claim by one UPDATE, hand over, write down how it went. Whoever
dies in between leaves a claimed link behind, which is later shown as not known and never sent again by itself.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef
from django.utils import timezone

from integrations.flows import audit
from integrations.models import Action, AuthorizationLink, Connection
from integrations.oauth.state import digest

from . import pace
from .audience import Delivery
from .invitations import SENDING
from .mail import compose
from .making import LIFETIMES, Channel, new_token, url_of
from .server import MailServer, MailServerDown
from .server import Outcome as Handed

if TYPE_CHECKING:
    from django.db.models import QuerySet

State = AuthorizationLink.State
log = structlog.get_logger(__name__)

#: Seconds that one job may spend on handing mails over; the rest is the next job's.
BUDGET = 60.0
#: After this time a claim was left behind: a job ends long before.
LEFT_BEHIND = timedelta(minutes=10)
#: How often a mail that the server puts off is tried, and the seconds before the second try, doubled each time.
ATTEMPTS, FIRST_DELAY = 6, 60.0

NOT_KNOWN = (
    "The program stopped while this mail was handed over, so it is not known whether it left. It is not sent again "
    "by itself; send it again if the person did not get it."
)


def waiting() -> QuerySet[AuthorizationLink]:
    """Links whose mail may leave now, single ones before those of a batch."""
    usable = Connection.objects.filter(
        action=OuterRef("action"), end_user=OuterRef("end_user"), state=Connection.State.CONNECTED
    )
    rows = AuthorizationLink.objects.filter(
        delivery=Delivery.QUEUED,
        state=State.PENDING,
        action__status__in=SENDING,
        action__authorization_type=Action.AuthorizationType.ALLOW_USERS,
    )
    due = rows.filter(send_after__lte=timezone.now()).annotate(connected=Exists(usable))
    return due.order_by(F("batch").asc(nulls_first=True), "pk")


def something_to_send() -> bool:
    """Whether a mail waits, or one that was left behind is to be settled."""
    return AuthorizationLink.objects.filter(delivery__in=(Delivery.QUEUED, Delivery.SENDING)).exists()


def send_slice() -> tuple[bool, float | None]:
    """Sends as many mails as the pace allows now: whether it was our turn, and the seconds until there is more to do.

    None instead of seconds when nothing waits. Safe in several workers at once, and to be killed at any point.
    """
    _settle_left_behind()
    if not waiting().exists():
        return True, _next_retry()
    turn = pace.take_turn()
    if turn is None:
        return False, pace.seconds_until_turn()
    try:
        with MailServer() as server:
            pace.server_answered()
            pace.give_back(turn, turn.mails - _send(server, turn.mails))
    except MailServerDown as error:
        return True, pace.server_failed(error.words)
    return True, pace.seconds_until_turn() if waiting().exists() else _next_retry()


def _send(server: MailServer, count: int) -> int:
    """Hands over up to so many mails; how many were."""
    started, sent = timezone.now(), 0
    rows = waiting().select_related("action__app", "end_user").defer("action__error_reason")
    for link in rows[:count]:
        if (timezone.now() - started).total_seconds() > BUDGET:
            break
        sent += _deliver(link, server)
    return sent


def _deliver(link: AuthorizationLink, server: MailServer) -> bool:
    if getattr(link, "connected", False) or not link.end_user.email:
        _drop(link)
        return False
    server.ready()
    token, expires_at = new_token(), timezone.now() + LIFETIMES[Channel.MAIL]
    message = compose(link, url_of(token), expires_at)
    queued = AuthorizationLink.objects.filter(pk=link.pk, delivery=Delivery.QUEUED, state=State.PENDING)
    claimed = queued.update(
        delivery=Delivery.SENDING,
        claimed_at=timezone.now(),
        send_attempts=F("send_attempts") + 1,
        token_hash=digest(token),
        expires_at=expires_at,
    )
    if claimed:
        _settle(link, server.hand_over(message))
    return bool(claimed)


def _settle(link: AuthorizationLink, handed: Handed) -> None:
    """Writes down how the hand-over went."""
    columns: dict[str, object] = {"delivery": handed.delivery, "send_error": handed.words}
    if handed.delivery == Delivery.SENT:
        columns["sent_at"] = timezone.now()
    if handed.try_again and link.send_attempts + 1 < ATTEMPTS:
        delay = FIRST_DELAY * 2**link.send_attempts
        columns |= {"delivery": Delivery.QUEUED, "send_after": timezone.now() + timedelta(seconds=delay)}
    with transaction.atomic():
        AuthorizationLink.objects.filter(pk=link.pk, delivery=Delivery.SENDING).update(**columns)
        if columns["delivery"] == Delivery.QUEUED:
            return
        is_sent = handed.delivery == Delivery.SENT
        audit.note(
            link.action.app,
            audit.Verb.LINK_SENT if is_sent else audit.Verb.LINK_FAILED,
            actor=link.created_by,
            end_user=link.end_user,
            provider=link.action.provider,
            details={"channel": link.channel},
        )


def _drop(link: AuthorizationLink) -> None:
    """The person has authorized meanwhile, or has no address any more: the mail would only confuse."""
    connected = getattr(link, "connected", False)
    words = "Authorized meanwhile, so nothing was sent." if connected else "There is no e-mail address any more."
    rows = AuthorizationLink.objects.filter(pk=link.pk, delivery=Delivery.QUEUED)
    rows.update(delivery=Delivery.NONE, state=State.REVOKED, revoked_at=timezone.now(), send_error=words)


def _settle_left_behind() -> None:
    rows = AuthorizationLink.objects.filter(delivery=Delivery.SENDING, claimed_at__lt=timezone.now() - LEFT_BEHIND)
    if number := rows.update(delivery=Delivery.UNKNOWN, send_error=NOT_KNOWN):
        log.warning("mails_left_behind", number=number)


def _next_retry() -> float | None:
    """Seconds until a mail that the server put off is due; None when none is."""
    rows = AuthorizationLink.objects.filter(
        delivery=Delivery.QUEUED, state=State.PENDING, send_after__gt=timezone.now()
    )
    due = rows.aggregate(at=Min("send_after"))["at"]
    return (due - timezone.now()).total_seconds() if due else None
