"""An end user's own API token, given on the page of a link. It is checked, and then waits like any other grant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from integrations.catalog import registry
from integrations.catalog.base import Site
from integrations.errors import NotOffered, TooManyTries
from integrations.models import Action, AuthorizationAttempt
from integrations.oauth import Tokens
from integrations.oauth.state import browser_of, digest, new_state
from xoplatform.core.crypto import Secret
from xoplatform.core.errors import PlatformError

from . import basic, links
from .editions import check_edition
from .holding import PATIENCE, hold
from .invitation import note_failed, reason_of, words_for_person

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from integrations.models import AuthorizationLink

#: How often one link may be used to try a token: nobody guesses tokens through us.
TRIES = 20

Outcome = AuthorizationAttempt.Outcome


def offer(
    link: AuthorizationLink, *, session: MutableMapping[str, Any], site_url: str, email: str, token: str
) -> AuthorizationAttempt:
    """Checks the token with the provider and holds it until the person has confirmed the account.

    Raises NotOffered, TooManyTries, what `basic.check` raises, and the errors of the identity rule; nothing is kept
    then.
    """
    if link.action.method != Action.Method.BASIC:
        raise NotOffered(provider=registry.provider(link.action.provider).manifest.title, choice="an API token")
    if link.attempts.count() >= TRIES:
        raise TooManyTries
    links.mark_opened(link)
    attempt = _attempt(link, session)
    try:
        check_edition(link.action)
        found = basic.check(link.action.provider, site_url, email, token)
        site = Site(found.site_id, found.site_name, found.site_url)
        held = Tokens(Secret(token.strip()), None, None, ())
        hold(attempt, held, found.account, [site], login=email.strip(), base=found.base)
    except PlatformError as trouble:
        error = words_for_person(trouble, link.action)
        AuthorizationAttempt.objects.filter(pk=attempt.pk).update(
            outcome=Outcome.FAILED, reason=reason_of(attempt, error)
        )
        note_failed(link, trouble.code)
        raise error from None
    AuthorizationAttempt.objects.filter(pk=attempt.pk).update(outcome=Outcome.CONFIRMING)
    return attempt


def _attempt(link: AuthorizationLink, session: MutableMapping[str, Any]) -> AuthorizationAttempt:
    """No state ever leaves for it, so its state is used from the start."""
    now = timezone.now()
    return AuthorizationAttempt.objects.create(
        action=link.action,
        link=link,
        end_user=link.end_user,
        state_hash=digest(new_state()),
        session_hash=browser_of(session),
        used_at=now,
        expires_at=now + PATIENCE,
    )
