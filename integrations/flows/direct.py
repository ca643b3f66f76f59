"""Authorizing without a consent page: the App for itself, or with a user name and password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from integrations.catalog import registry
from integrations.errors import ClientRefused, CodeRefused, NoSite, NotOffered, ProviderUnavailable
from integrations.models import Action, Connection
from integrations.oauth import ClientRejected, GrantRejected, NoAnswer

from . import client_faults
from .choices import keep_choices
from .clients import GRANTS, client_of, place_of_client
from .editions import check_edition
from .grants import keep_grant
from .platform import asker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from integrations.oauth import OAuthClient, Tokens
    from xoplatform.core.crypto import Secret

TIMEOUT = 15.0


def is_direct(action: Action) -> bool:
    """Whether what is chosen on ``action`` needs no consent page."""
    profile = action.profile
    custom = action.method == Action.Method.OAUTH and action.card == Action.Card.CUSTOM
    return custom and profile is not None and profile.type in GRANTS


def require_direct(action: Action) -> None:
    """Raises NotOffered where what is chosen on ``action`` needs a consent page."""
    if not is_direct(action):
        title = registry.provider(action.provider).manifest.title
        raise NotOffered(provider=title, choice=f"“{action.profile}” without a sign-in")


def connect(
    action: Action,
    *,
    username: str = "",
    password: Secret | None = None,
    choices: Mapping[str, Any] | None = None,
    actor: Any = None,
) -> Connection:
    """Gets tokens (RFC 6749 sections 4.3 and 4.4) and keeps the App's own grant; the password is not kept.

    ``choices`` (see `configure.prepare`) are stored with it, and only then. Only for pre-authorized actions: these
    grants belong to nobody who chats. Raises NotOffered, NoSite, ClientRefused, CodeRefused, ProviderUnavailable and
    what `client_of` raises.
    """
    provider = registry.provider(action.provider)
    title = provider.manifest.title
    if not action.pre_authorized:
        raise NotOffered(provider=title, choice=f"“{action.profile}” by each person")
    check_edition(action)
    client = client_of(action)
    tokens = _ask(action, client, username, password)
    ask = asker(provider, tokens.access_token)
    account, sites = provider.account(ask), provider.sites(ask)
    if not sites:
        raise NoSite(account=account.name or "The account", provider=title)
    with transaction.atomic():
        keep_choices(action, choices or {}, actor)
        return keep_grant(
            action, None, tokens, account, sites, kind=Connection.Kind.OAUTH, client_id=client.client_id, actor=actor
        )


def _ask(action: Action, client: OAuthClient, username: str, password: Secret | None) -> Tokens:
    title = registry.provider(action.provider).manifest.title
    try:
        if client.grant == "client_credentials":
            tokens = client.client_credentials(timeout=TIMEOUT)
        elif username and password:
            tokens = client.password(username, password, timeout=TIMEOUT)
        else:
            raise CodeRefused(provider=title, words="user name or password is missing")
    except ClientRejected as error:
        client_faults.note(action, client, error.words)
        place = place_of_client(action)
        raise ClientRefused(provider=title, where=place.where, who=place.who) from None
    except GrantRejected as error:
        raise CodeRefused(provider=title, words=error.words) from None
    except NoAnswer as error:
        raise ProviderUnavailable(provider=title, reason=error.words) from None
    client_faults.clear(action)
    return tokens
