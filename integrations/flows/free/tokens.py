"""Tokens that a profile's client gets for itself, kept in the process for as long as they live.

They cost a request each and belong to nobody who chats; another process gets its own.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from integrations.errors import ProfileRefused, ProviderUnavailable
from integrations.flows.clients import client_of_profile
from integrations.flows.profile_fields import fill
from integrations.oauth import ClientRejected, GrantRejected, NoAnswer

if TYPE_CHECKING:
    from datetime import datetime

    from integrations.flows.transport import Budget
    from integrations.models import AuthorizationProfile
    from xoplatform.core.crypto import Secret

#: Seconds before its end at which a token is no longer used, and how long one lives that does not say it.
MARGIN, UNSAID = 30.0, 300.0
MOST = 500


@dataclass(frozen=True)
class _Kept:
    changed_at: datetime
    token: Secret
    until: float


_kept: dict[int, _Kept] = {}
_lock = threading.Lock()


def token_of(profile: AuthorizationProfile, budget: Budget, *, anew: bool = False) -> Secret:
    """A token for the profile's own client (RFC 6749 section 4.4). ``anew`` when the last one was refused.

    Raises ProfileUnfilled, ProfileRefused, ProviderUnavailable.
    """
    kept = _kept.get(profile.pk)
    if kept and not anew and kept.changed_at == profile.updated_at and kept.until > time.monotonic():
        return kept.token
    fresh = _ask(profile, budget)
    with _lock:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[profile.pk] = fresh
    return fresh.token


def _ask(profile: AuthorizationProfile, budget: Budget) -> _Kept:
    client = client_of_profile(profile, fill(profile))
    try:
        tokens = client.client_credentials(timeout=max(budget.left, 0.1))
    except (ClientRejected, GrantRejected) as refusal:
        raise ProfileRefused(profile=profile.name, words=refusal.words) from None
    except NoAnswer as silence:
        name = profile.identity_provider or profile.name
        raise ProviderUnavailable(provider=name, reason=silence.words) from None
    lives = UNSAID if tokens.expires_in is None else tokens.expires_in
    return _Kept(profile.updated_at, tokens.access_token, time.monotonic() + lives - MARGIN)


def forget() -> None:
    """Empties the store: for tests, in which ids of profiles are used again."""
    _kept.clear()
