"""To a provider's consent page and back, with everything that can go wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from integrations.catalog import registry
from integrations.errors import (
    ClientRefused,
    CodeRefused,
    ConfigurationChanged,
    ConsentDenied,
    NoSite,
    NotOffered,
    OtherBrowser,
    ProviderUnavailable,
    StateExpired,
    StateUnknown,
    StateUsed,
)
from integrations.models import AuthorizationAttempt, Connection
from integrations.oauth import ClientRejected, GrantRejected, NoAnswer, pkce
from integrations.oauth.state import browser_of, digest, new_state
from xoplatform.core.errors import PlatformError
from xoplatform.models import Role

from . import client_faults, links
from .choices import adopt
from .clients import client_of, place_of_client
from .editions import check_edition
from .grants import store_grant
from .holding import hold
from .invitation import check_asked, note_failed, reason_of, words_for_person
from .platform import asker
from .scopes import to_ask

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

    from integrations.models import Action, AuthorizationLink
    from integrations.oauth import OAuthClient, Tokens

#: How long a person may stay on the provider's pages.
LIFETIME = timedelta(minutes=10)
#: Seconds for the exchange of the code, while the person waits for the page.
EXCHANGE_TIMEOUT = 15.0

Outcome = AuthorizationAttempt.Outcome


@dataclass(frozen=True)
class Begun:
    """Where to send the browser, and the attempt whose outcome the waiting page shows."""

    url: str
    attempt: AuthorizationAttempt


def begin(
    action: Action,
    *,
    session: MutableMapping[str, Any],
    user: Any = None,
    link: AuthorizationLink | None = None,
    choices: Mapping[str, Any] | None = None,
) -> Begun:
    """Starts an authorization in this browser: by this staff user for the App, or with a link for its end user.

    ``choices`` (see `configure.prepare`) are on ``action`` already and are stored with the grant, not before.

    Raises EditionMissing, EditionRefused or ClientMissing; with a link NotAsked, TeamMustMend, LinkUsed, LinkRevoked
    or LinkExpired. Nothing was sent then.
    """
    client = _client(action, link)
    held = action.connection_for(link.end_user_id if link else None)
    client = replace(client, scopes=to_ask(client, held))
    state, verifier = new_state(), pkce.new_verifier() if client.pkce else ""
    attempt = AuthorizationAttempt.objects.create(
        action=action,
        link=link,
        end_user=link.end_user if link else None,
        user=None if link else user,
        choices=dict(choices or {}),
        profile=action.profile if action.card == action.Card.CUSTOM else None,
        state_hash=digest(state),
        session_hash=browser_of(session),
        client_id=client.client_id,
        verifier=verifier,
        scopes=list(client.scopes),
        expires_at=timezone.now() + LIFETIME,
    )
    return Begun(client.consent_url(state, pkce.challenge(verifier) if verifier else ""), attempt)


def _client(action: Action, link: AuthorizationLink | None) -> OAuthClient:
    try:
        check_edition(action)
        client = client_of(action)
    except PlatformError as error:
        raise words_for_person(error, action) if link else error from None
    if link is not None:
        links.require_live(link)
        check_asked(action)
        if action.method != action.Method.OAUTH:
            raise NotOffered(provider=registry.provider(action.provider).manifest.title, choice="a sign-in")
        links.mark_opened(link)
    return client


def finish(params: Mapping[str, str], *, session: MutableMapping[str, Any], user: Any = None) -> AuthorizationAttempt:
    """Takes the browser that comes back with ``code`` or ``error``, and keeps the grant.

    Returns the attempt, connected or choosing a site. With a link nothing is connected yet: the grant waits until the
    person has confirmed the account (see `holding`). Raises the errors of the section "Coming back" of
    `integrations.errors`, ProviderUnavailable or ClientMissing; whatever is raised after the state was
    accepted is written on the attempt.
    """
    attempt = find(params, session=session, user=user)
    _claim(attempt)
    try:
        _conclude(attempt, _connect(attempt, params))
    except PlatformError as trouble:
        error = words_for_person(trouble, attempt.action) if attempt.link_id else trouble
        outcome = Outcome.DENIED if isinstance(error, ConsentDenied) else Outcome.FAILED
        _record(attempt, outcome, reason_of(attempt, error))
        if attempt.link is not None:
            note_failed(attempt.link, trouble.code)
        raise error from None
    return attempt


def find(params: Mapping[str, str], *, session: MutableMapping[str, Any], user: Any = None) -> AuthorizationAttempt:
    """The attempt that this browser may finish. A stranger's visit leaves it as it is, so its owner still can."""
    attempts = AuthorizationAttempt.objects.select_related("action__app", "action__profile", "link__end_user")
    attempt = attempts.filter(state_hash=digest(params.get("state", ""))).first()
    if attempt is None:
        raise StateUnknown
    if attempt.session_hash != browser_of(session):
        raise OtherBrowser
    if attempt.link_id is not None:
        return attempt  # whether somebody of the staff is signed in here says nothing about an end user
    if attempt.user_id != getattr(user, "pk", None):
        raise OtherBrowser
    if attempt.user_id is not None:
        role = attempt.action.app.role_of(user)
        if role is None or not role.covers(Role.DEVELOPER):
            raise OtherBrowser
    return attempt


def _claim(attempt: AuthorizationAttempt) -> None:
    """Uses the state up. One UPDATE decides, so of two visits at the same instant one goes on."""
    now = timezone.now()
    fresh = AuthorizationAttempt.objects.filter(pk=attempt.pk, used_at=None, expires_at__gt=now)
    if fresh.update(used_at=now):
        attempt.used_at = now
        return
    attempt.refresh_from_db()
    if attempt.used_at is not None:
        raise StateUsed
    expired = StateExpired()
    _record(attempt, Outcome.FAILED, expired.message)
    raise expired


def _connect(attempt: AuthorizationAttempt, params: Mapping[str, str]) -> Connection | None:
    action = attempt.action
    adopt(action, attempt.choices)
    provider = registry.provider(action.provider)
    if "error" in params or not params.get("code"):
        raise _declined(params, provider.manifest.title)
    if attempt.link is not None:
        links.require_live(attempt.link)
        check_asked(action)
    client = client_of(action)
    if client.client_id != attempt.client_id:
        raise ConfigurationChanged(provider=provider.manifest.title)
    tokens = _exchange(attempt, params["code"])
    ask = asker(provider, tokens.access_token)
    account, sites = provider.account(ask), provider.sites(ask)
    if not sites:
        who = account.name or account.email or "The account"
        raise NoSite(account=who, provider=provider.manifest.title)
    if attempt.link_id is not None:
        hold(attempt, tokens, account, sites)
        return None
    return store_grant(attempt, tokens, account, sites)


def _declined(params: Mapping[str, str], title: str) -> PlatformError:
    # RFC 6749 section 4.1.2.1
    if params.get("error") == "access_denied":
        return ConsentDenied(provider=title)
    words = params.get("error_description") or params.get("error") or "no code came back"
    return CodeRefused(provider=title, words=words[:300])


def _exchange(attempt: AuthorizationAttempt, code: str) -> Tokens:
    title = registry.provider(attempt.action.provider).manifest.title
    client = client_of(attempt.action)
    try:
        tokens = client.exchange(code, attempt.verifier.reveal(), timeout=EXCHANGE_TIMEOUT)
    except ClientRejected as error:
        client_faults.note(attempt.action, client, error.words)
        place = place_of_client(attempt.action)
        raise ClientRefused(provider=title, where=place.where, who=place.who) from None
    except GrantRejected as error:
        raise CodeRefused(provider=title, words=error.words) from None
    except NoAnswer as error:
        raise ProviderUnavailable(provider=title, reason=error.words) from None
    client_faults.clear(attempt.action)
    return tokens


def _conclude(attempt: AuthorizationAttempt, connection: Connection | None) -> None:
    if connection is None:
        _record(attempt, Outcome.CONFIRMING, "")
        return
    attempt.connection = connection
    _record(attempt, Outcome.CONNECTED if connection.usable else Outcome.CHOOSING_SITE, "")


def _record(attempt: AuthorizationAttempt, outcome: AuthorizationAttempt.Outcome, reason: str) -> None:
    attempt.outcome, attempt.reason = outcome, reason
    attempt.save(update_fields=["outcome", "reason", "connection"])
