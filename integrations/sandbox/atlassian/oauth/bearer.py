"""Who is behind a request to the gateway, and how far that reaches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from integrations.sandbox.atlassian.state.records import ApiToken, Person, digest

from .tokens import live_family, reachable_sites

if TYPE_CHECKING:
    from werkzeug.datastructures import Authorization

    from integrations.sandbox.atlassian.state.world import World


@dataclass(frozen=True)
class Access:
    """A person with the scopes and sites (cloud ids) of the credential. `expired`: no longer good."""

    person: Person
    scopes: frozenset[str]
    sites: tuple[str, ...]
    client_id: str | None
    expired: bool = False


def bearer_access(here: World, authorization: Authorization | None) -> Access | None:
    """The access of a Bearer token, or None for a missing, unknown or revoked one."""
    if authorization is None or authorization.type != "bearer" or not authorization.token:
        return None
    token = here.access_tokens.get(digest(authorization.token))
    family = live_family(here, token.family) if token else None
    person = here.people.get(family.account_id) if family else None
    if token is None or family is None or person is None or token.dead:
        return None
    return Access(
        person=person,
        scopes=frozenset(token.scope.split()),
        sites=tuple(reachable_sites(here, family)),
        client_id=family.client_id,
        expired=here.clock.now() >= token.expires_at,
    )


def scoped_access(here: World, authorization: Authorization | None) -> Access | None:
    """The access of a scoped API token at the gateway; one without scopes works at the site only."""
    token, person = api_token(here, authorization)
    if token is None or person is None or token.scopes is None:
        return None
    sites = tuple(site.cloud_id for site in here.sites.all() if person.account_id in site.members)
    return Access(person, frozenset(token.scopes), sites, client_id=None)


def api_token(here: World, authorization: Authorization | None) -> tuple[ApiToken | None, Person | None]:
    """The living API token of Basic credentials with its owner, or two Nones."""
    if authorization is None or authorization.type != "basic":
        return None, None
    token = here.api_tokens.get(digest(authorization.password or ""))
    person = here.people.get(token.account_id) if token else None
    if token is None or person is None or person.email.lower() != (authorization.username or "").lower():
        return None, None
    if token.expires_at is not None and here.clock.now() >= token.expires_at:
        return None, None
    return token, person
