"""Issuing tokens and judging those that are presented."""

from __future__ import annotations

import secrets
from functools import cache
from typing import TYPE_CHECKING, Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from integrations.sandbox.atlassian.state.records import AccessToken, Family, Grant, RefreshToken, digest

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.world import World


REUSED = "a superseded refresh token was used again"
SUPERSEDED = "another took its place, and the time in which it still works is over"


@cache
def _signing_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(8)})


def new_family(world: World, *, client_id: str, account_id: str, scope: str, sites: list[str] | None) -> Family:
    """The beginning of a line of tokens; `sites` None means: all sites of the grant."""
    family = Family(secrets.token_hex(8), client_id, account_id, scope, sites, created_at=world.clock.now())
    return world.families.save(family)


def issue(world: World, family: Family, *, with_refresh_token: bool = True) -> dict[str, Any]:
    """The answer of the token endpoint: a new pair of the family, both kept by digest."""
    now = world.clock.now()
    lifetime = world.switches.access_seconds
    scope = current_scope(world, family)
    access = world.ledger.note("access_token", _access_value(family, scope, now, lifetime))
    world.access_tokens.save(AccessToken(digest(access), family.id, scope, expires_at=now + lifetime))
    answer = {"access_token": access, "expires_in": lifetime, "scope": scope, "token_type": "Bearer"}
    if with_refresh_token and "offline_access" in scope.split():
        value = world.ledger.note("refresh_token", secrets.token_urlsafe(64))
        world.refresh_tokens.save(RefreshToken(digest(value), family.id, issued_at=now))
        answer["refresh_token"] = value
    return answer


def current_scope(world: World, family: Family) -> str:
    """The scopes of the family: in account mode a later consent replaces them."""
    grant = world.grants.get(family.grant_key)
    return grant.scope if grant and family.sites is None else family.scope


def reachable_sites(world: World, family: Family) -> list[str]:
    """Cloud ids the tokens of a family reach: the chosen ones, or all of the grant in account mode."""
    grant = world.grants.get(family.grant_key)
    return family.sites if family.sites is not None else (grant.sites if grant else [])


def live_family(world: World, family_id: str) -> Family | None:
    """The family if neither it nor its grant has been revoked."""
    family = world.families.get(family_id)
    grant = world.grants.get(family.grant_key) if family else None
    return family if family and grant and not (family.revoked or grant.revoked) else None


def trouble_with(world: World, token: RefreshToken) -> str:
    """Why this refresh token would be refused now, or an empty text. Asking changes nothing."""
    now, switches = world.clock.now(), world.switches
    family = live_family(world, token.family)
    if family is None:
        ended = world.families.get(token.family)
        return (ended.revoked if ended else "") or "its grant was revoked"
    if token.superseded_at is not None and now - token.superseded_at >= switches.leeway_seconds:
        return SUPERSEDED
    if switches.absolute_seconds is not None and now - family.created_at > switches.absolute_seconds:
        return "the consent is too old"
    return "" if now - token.issued_at <= switches.idle_seconds else "it was not used for too long"


def revoke_grant(world: World, grant: Grant, reason: str) -> None:
    """Ends a grant with all its tokens, as the person can do at any time under Connected apps."""
    grant.revoked = reason
    world.grants.save(grant)
    for family in world.families.all():
        if family.grant_key == grant.key:
            revoke_family(world, family, reason)


def revoke_family(world: World, family: Family, reason: str) -> None:
    family.revoked = family.revoked or reason
    world.families.save(family)


def kill_access_tokens(world: World, family: Family) -> None:
    """Ends the access tokens of a family but not its refresh tokens."""
    for token in world.access_tokens.all():
        if token.family == family.id and not token.dead:
            token.dead = True
            world.access_tokens.save(token)


def _access_value(family: Family, scope: str, now: float, lifetime: int) -> str:
    """A signed token in the shape of Atlassian's; clients are told to treat it as opaque."""
    claims = {
        "iss": "https://auth.atlassian.com",
        "sub": family.account_id,
        "aud": family.client_id,
        "client_id": family.client_id,
        "scope": scope,
        "iat": int(now),
        "exp": int(now) + lifetime,
        "jti": secrets.token_hex(16),
    }
    key = _signing_key()
    return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)
