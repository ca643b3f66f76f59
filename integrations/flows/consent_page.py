"""Where a member of an App goes to authorize it at the provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from integrations.catalog import registry
from integrations.errors import NotOffered
from integrations.models import Action

from . import direct
from .clients import callback_url, client_of
from .editions import check_edition
from .scope_words import asked_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class ConsentPage:
    """``address``: the page on which a person presses Authorize; ``asks_for`` says in plain words what is asked."""

    address: str
    callback_url: str
    asks_for: Sequence[str]


def page_of(action: Action) -> ConsentPage:
    """The page of an action that the App itself authorizes by a person's sign-in.

    Raises NotOffered where there is no such sign-in, and what would keep it from beginning: EditionMissing,
    EditionRefused, ClientMissing or ProfileMissing. Nothing is begun by this.
    """
    title = registry.provider(action.provider).manifest.title
    if not action.pre_authorized:
        raise NotOffered(provider=title, choice="one sign-in for everybody while each person authorizes")
    if action.method != Action.Method.OAUTH or direct.is_direct(action):
        raise NotOffered(provider=title, choice="a sign-in")
    check_edition(action)
    client_of(action)
    path = reverse("admin:app_action", args=[action.app.slug, action.provider])
    held = action.connection_for(None) if action.pk else None
    return ConsentPage(f"{settings.XO_BASE_URL}{path}", callback_url(), asked_in_words(action, held))
