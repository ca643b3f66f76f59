"""One word for what became of a link and its mail together."""

from __future__ import annotations

from typing import Final

from django.db.models import Q
from django.utils import timezone

from integrations.models import AuthorizationLink

State, Delivery = AuthorizationLink.State, AuthorizationLink.Delivery
#: All the words, the most final first.
WORDS: Final = ("used", "revoked", "expired", "failed", "unknown", "opened", "waiting", "sent", "given")
CHOICES: Final = [(word, word) for word in WORDS]
OF_MAIL: Final = {
    Delivery.FAILED: "failed",
    Delivery.UNKNOWN: "unknown",
    Delivery.QUEUED: "waiting",
    Delivery.SENDING: "waiting",
    Delivery.SENT: "sent",
    Delivery.NONE: "given",
}


def word_of(link: AuthorizationLink) -> str:
    """The one of `WORDS` that fits best."""
    if not link.open:
        return str(link.state)
    mail = OF_MAIL[Delivery(link.delivery)]
    if mail == "failed":
        return mail
    if link.expired and mail != "waiting":
        return "expired"
    return "opened" if link.state == State.OPENED else mail


def in_state(word: str) -> Q:
    """The links for which `word_of` says this word."""
    is_open = Q(state__in=(State.PENDING, State.OPENED))
    waiting = Q(delivery__in=(Delivery.QUEUED, Delivery.SENDING))
    failed, late = Q(delivery=Delivery.FAILED), Q(expires_at__lte=timezone.now())
    works = is_open & ~failed & ~(late & ~waiting)
    mails = [delivery for delivery, name in OF_MAIL.items() if name == word]
    special = {
        "used": Q(state=State.USED),
        "revoked": Q(state=State.REVOKED),
        "failed": is_open & failed,
        "expired": is_open & late & ~waiting & ~failed,
        "opened": works & Q(state=State.OPENED),
    }
    return special.get(word, works & Q(state=State.PENDING, delivery__in=mails))
