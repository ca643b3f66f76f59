"""Who is measured. Each does the same job in the way its own documentation shows."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLES = {
    "floor": "hand-written floor",
    "authlib": "Authlib",
    "requests_oauthlib": "requests-oauthlib",
    "social_django": "social-auth-app-django",
    "xo": "XO Platform",
}


@dataclass(frozen=True)
class Grant:
    """One connection as it is before a measurement; the seconds are those of the epoch."""

    number: int
    expires_at: float


class Subject(Protocol):
    def prepare(self, grants: Sequence[Grant]) -> None:
        """Stores exactly these, and nothing else."""

    def token(self, number: int) -> str:
        """A valid access token, look-up in the database included, as one caller gets it."""

    def renew_due(self, numbers: Sequence[int], threads: int) -> list[str]:
        """Renews all of these before they expire; the names of the errors there were."""

    def stored(self, number: int) -> str:
        """The refresh token that the next renewal would use."""


def make(name: str) -> Subject:
    """The subject of this name, with Django ready where it needs it."""
    endpoint = f"{os.environ['XO_BENCH_PROVIDER']}/oauth/token"
    if name == "floor":
        from .floor import Floor

        return Floor(os.environ["XO_DATABASE_URL"], endpoint, os.environ["XO_ENCRYPTION_KEYS"])
    import django

    django.setup()
    if name == "authlib":
        from .authlib import Authlib

        return Authlib(endpoint)
    if name == "requests_oauthlib":
        from .requests_oauthlib import RequestsOAuthlib

        return RequestsOAuthlib(endpoint)
    if name == "social_django":
        from .social_django import SocialDjango

        return SocialDjango(endpoint)
    from .xo import Vault

    return Vault()
