"""Connecting with an account's e-mail and API token (Atlassian, Basic auth for REST APIs)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import requests
from django.db import transaction
from django.utils import timezone

from integrations.catalog import registry
from integrations.catalog.base import Reaction, Site
from integrations.errors import NotOffered, ProviderUnavailable, SiteNotThere, TokenRefused, TokenTooNarrow
from integrations.models import Action, Connection
from integrations.oauth import Tokens
from xoplatform.core import http
from xoplatform.core.crypto import Secret

from .choices import keep_choices
from .editions import check_edition
from .grants import keep_grant
from .platform import TIMEOUT, ApiToken, reply_of
from .site_address import name_of_site, site_address

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from integrations.catalog.base import Account, Provider, Reply
    from integrations.catalog.manifest import Basic
    from xoplatform.models import EndUser


@dataclass(frozen=True)
class Checked:
    """What the provider said to an e-mail and API token. ``base`` is where calls go; scoped tokens work elsewhere."""

    account: Account
    site_id: str
    site_name: str
    site_url: str
    base: str
    scoped: bool


def check(provider: str, site_url: str, email: str, token: str) -> Checked:
    """Whose token this is and where it works. Nothing is stored; two or three requests are made.

    A classic API token works at the site's own address, one with scopes only at the gateway. A success that comes from
    no signed-in account counts as a refusal. Raises SiteRefused, SiteNotThere, TokenRefused, TokenTooNarrow,
    ProviderUnavailable and UnknownProvider.
    """
    known = registry.provider(provider)
    rules = _rules(known)
    site = site_address(known.manifest, site_url)
    cloud = _site_id(known, rules, site)
    auth = ApiToken(email.strip(), Secret(token.strip()))
    gateway = known.manifest.api.site.url(site_id=cloud)
    for base in (site, gateway):
        reply = _get(known, f"{base}{rules.check}", auth)
        if account := known.basic_account(reply):
            return Checked(account, cloud, name_of_site(site), site, base, scoped=base != site)
    if known.reaction(reply) is Reaction.ASK_FOR_SCOPES:
        needed = ", ".join(s for s in known.manifest.authorization.oauth.scopes if ":jira" in s or "user" in s)
        raise TokenTooNarrow(provider=known.manifest.title, scopes=needed)
    raise TokenRefused(provider=known.manifest.title, site=site)


def connect(
    action: Action,
    end_user: EndUser | None,
    site_url: str,
    email: str,
    token: str,
    *,
    expires_on: date | None = None,
    choices: Mapping[str, Any] | None = None,
    actor: Any = None,
) -> Connection:
    """Checks an API token and keeps it: the App's own with ``end_user`` None, otherwise this person's.

    ``choices`` of the action are stored with it, and only if the check succeeds. Raises what `check` raises, and
    EditionMissing, EditionRefused or NotOffered before anything is sent; nothing is stored then.
    """
    if (choices or {}).get("method", action.method) != Action.Method.BASIC:
        title = registry.provider(action.provider).manifest.title
        raise NotOffered(provider=title, choice="an API token")
    kind = (choices or {}).get("authorization_type", action.authorization_type)
    if end_user is None and kind != Action.AuthorizationType.PRE_AUTHORIZE:
        title = registry.provider(action.provider).manifest.title
        raise NotOffered(provider=title, choice="one API token for everybody while each person authorizes")
    check_edition(action)
    checked = check(action.provider, site_url, email, token)
    ends = datetime.combine(expires_on, time.min, UTC) if expires_on else None
    with transaction.atomic():
        keep_choices(action, choices or {}, actor)
        return keep_grant(
            action,
            end_user.pk if end_user else None,
            Tokens(Secret(token.strip()), None, None, ()),
            checked.account,
            [Site(checked.site_id, checked.site_name, checked.site_url)],
            kind=Connection.Kind.BASIC,
            login=email.strip(),
            base=checked.base,
            ends_at=ends,
            actor=actor,
        )


def _rules(provider: Provider) -> Basic:
    manifest = provider.manifest
    if manifest.authorization.basic is None or Action.Method.BASIC not in manifest.authorization.methods:
        raise NotOffered(provider=manifest.title, choice="an API token")
    return manifest.authorization.basic


def _site_id(provider: Provider, rules: Basic, site: str) -> str:
    try:
        reply = _get(provider, f"{site}{rules.site_id}", None)
    except ProviderUnavailable as error:
        # A host that nobody has is the usual sign of a mistyped name.
        if error.details.get("never_left"):
            raise SiteNotThere(provider=provider.manifest.title, site=site) from None
        raise
    found = reply.body.get(rules.site_id_key) if isinstance(reply.body, dict) else None
    if not found:
        raise SiteNotThere(provider=provider.manifest.title, site=site)
    return str(found)


def _get(provider: Provider, url: str, auth: requests.auth.AuthBase | None) -> Reply:
    try:
        response = http.session().get(url, auth=auth, headers={"Accept": "application/json"}, timeout=TIMEOUT)
    except http.NetworkError as error:
        reason = "it did not answer in time" if isinstance(error, requests.Timeout) else "no connection"
        left = not http.never_left(error)
        raise ProviderUnavailable(provider=provider.manifest.title, reason=reason, never_left=not left) from None
    if response.status_code >= 500 or response.status_code == 429:  # noqa: PLR2004
        reason = f"it answered with status {response.status_code}"
        raise ProviderUnavailable(provider=provider.manifest.title, reason=reason)
    return reply_of(response)


def wrong_end(provider: str, day: date | None) -> str:
    """What is wrong with the day on which a token is said to end, in words; empty if nothing is."""
    last = latest_end(provider)
    if day and day <= timezone.localdate():
        return "The day on which the token ends has passed. Make a new token."
    if day and last and day > last:
        return f"API tokens of {registry.provider(provider).manifest.title} end by {last:%-d %b %Y}."
    return ""


def latest_end(provider: str) -> date | None:
    """The last day on which an API token made today can still work; None where tokens do not end."""
    rules = _rules(registry.provider(provider))
    return timezone.localdate() + timedelta(days=rules.lifetime_days) if rules.lifetime_days else None
