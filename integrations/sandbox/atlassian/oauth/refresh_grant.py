"""Rotating refresh tokens (RFC 6749 section 6; Atlassian, OAuth 2.0 (3LO) apps, rotating refresh tokens)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authlib.oauth2.rfc6749.grants import RefreshTokenGrant
from flask import g

from integrations.sandbox.atlassian.state.records import Family, RefreshToken, digest
from integrations.sandbox.atlassian.state.world import World, world

from . import tokens

if TYPE_CHECKING:
    from .client import RegisteredClient


class PresentedToken:
    """A refresh token in the shape in which Authlib asks about it."""

    def __init__(self, record: RefreshToken, family: Family) -> None:
        self.record = record
        self.family = family

    def check_client(self, client: RegisteredClient) -> bool:
        return self.family.client_id == client.record.client_id

    def get_scope(self) -> str:
        return self.family.scope


class RotatingRefreshGrant(RefreshTokenGrant):  # type: ignore[misc] # Authlib ships no types
    """Every exchange gives a new pair and supersedes the token used."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_post"]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> PresentedToken | None:
        here = world()
        found = here.refresh_tokens.get(digest(refresh_token))
        if found is None:
            return None
        family = tokens.live_family(here, found.family)
        if family is None or not _fresh(here, found, family):
            here.counts.family(found.family).refused += 1
            return None
        return PresentedToken(found, family)

    def authenticate_user(self, refresh_token: PresentedToken) -> Family:
        return refresh_token.family

    def issue_token(self, user: Family, refresh_token: PresentedToken) -> dict[str, Any]:
        here = world()
        if here.switches.old_access_dies_on_refresh:
            tokens.kill_access_tokens(here, user)
        here.counts.family(user.id).refreshes += 1
        answer: dict[str, Any] = super().issue_token(user, refresh_token)
        return answer

    def revoke_old_credential(self, refresh_token: PresentedToken) -> None:
        record, here = refresh_token.record, world()
        if record.superseded_at is None and not g.get("without_refresh_token"):
            record.superseded_at = here.clock.now()
            here.refresh_tokens.save(record)


def _fresh(here: World, token: RefreshToken, family: Family) -> bool:
    """Whether a token may still be exchanged; a forbidden second use may end the whole family."""
    now, switches = here.clock.now(), here.switches
    if token.superseded_at is not None and now - token.superseded_at >= switches.leeway_seconds:
        if switches.revoke_family_on_reuse:
            tokens.revoke_family(here, family, "a superseded refresh token was used again")
        return False
    if switches.absolute_seconds is not None and now - family.created_at > switches.absolute_seconds:
        return False
    return now - token.issued_at <= switches.idle_seconds
