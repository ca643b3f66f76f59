"""One word for what became of a link and its mail together, as badge and as filter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from unfold.contrib.filters.admin import DropdownFilter

from integrations.catalog import registry
from integrations.flows.links.states import in_state, word_of

from .display import BAD, GOOD, OFF, WARN, badge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from integrations.models import AuthorizationLink

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


def link_badge(link: AuthorizationLink) -> SafeString:
    return badge(*TITLES[word_of(link)])


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
