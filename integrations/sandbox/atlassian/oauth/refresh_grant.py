"""Rotating refresh tokens (RFC 6749 section 6; Atlassian, OAuth 2.0 (3LO) apps, rotating refresh tokens)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authlib.oauth2.rfc6749.grants import RefreshTokenGrant
from flask import g, request

from integrations.sandbox.atlassian.state.ledger import Exchange
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
        trouble, family = tokens.trouble_with(here, found), here.families.get(found.family)
        if trouble or family is None:
            _refuse(here, found, trouble)
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
        given = digest(answer["refresh_token"]) if "refresh_token" in answer else refresh_token.record.digest
        _write_down(here, refresh_token.record, given=given)
        return answer

    def revoke_old_credential(self, refresh_token: PresentedToken) -> None:
        record, here = refresh_token.record, world()
        if record.superseded_at is None and not g.get("without_refresh_token"):
            record.superseded_at = here.clock.now()
            here.refresh_tokens.save(record)


def _refuse(here: World, token: RefreshToken, trouble: str) -> None:
    """Counts the refusal; a forbidden second use may end the whole family."""
    here.counts.family(token.family).refused += 1
    _write_down(here, token, trouble=trouble)
    family = here.families.get(token.family)
    if family and trouble == tokens.SUPERSEDED and here.switches.revoke_family_on_reuse:
        tokens.revoke_family(here, family, tokens.REUSED)


def _write_down(here: World, token: RefreshToken, *, given: str = "", trouble: str = "") -> None:
    mark = request.headers.get("X-Sandbox-Mark", "")
    here.ledger.exchanged(Exchange(token.digest, given, token.family, here.clock.now(), mark, trouble))
