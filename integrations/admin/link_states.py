"""One word for what became of a link and its mail together, as badge and as filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from unfold.contrib.filters.admin import DropdownFilter

from integrations.catalog import registry
from integrations.models import AuthorizationLink

from .display import BAD, GOOD, OFF, WARN, badge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

State, Delivery = AuthorizationLink.State, AuthorizationLink.Delivery
TITLES = {
    "used": ("Used", GOOD),
    "revoked": ("Revoked", OFF),
    "expired": ("Expired", WARN),
    "failed": ("Could not be sent", BAD),
    "unknown": ("Not known whether sent", WARN),
    "opened": ("Opened", GOOD),
    "waiting": ("Waiting to be sent", OFF),
    "sent": ("Sent", GOOD),
    "given": ("Given in chat", GOOD),
}
OF_MAIL = {
    Delivery.FAILED: "failed",
    Delivery.UNKNOWN: "unknown",
    Delivery.QUEUED: "waiting",
    Delivery.SENDING: "waiting",
    Delivery.SENT: "sent",
    Delivery.NONE: "given",
}


def word_of(link: AuthorizationLink) -> str:
    """The key of `TITLES` that fits best."""
    if not link.open:
        return str(link.state)
    mail = OF_MAIL[Delivery(link.delivery)]
    if mail == "failed":
        return mail
    if link.expired and mail != "waiting":
        return "expired"
    return "opened" if link.state == State.OPENED else mail


def link_badge(link: AuthorizationLink) -> SafeString:
    return badge(*TITLES[word_of(link)])


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


class StateFilter(DropdownFilter):  # type: ignore[misc]  # unfold ships no types
    """By what the badge says."""

    title = "state"
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(word, title) for word, (title, _tone) in TITLES.items()]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[AuthorizationLink]) -> QuerySet[AuthorizationLink]:
        word = self.value()
        return queryset.filter(in_state(word)) if word in TITLES else queryset


class LinkProviderFilter(DropdownFilter):  # type: ignore[misc]  # unfold ships no types
    """By provider, as the registry knows them."""

    title = "provider"
    parameter_name = "provider"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(name, p.manifest.title) for name, p in registry.providers().items()]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[AuthorizationLink]) -> QuerySet[AuthorizationLink]:
        return queryset.filter(action__provider=self.value()) if self.value() else queryset
