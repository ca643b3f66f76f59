"""From an accepted consent to a code, and from the code to the first tokens (RFC 6749 section 4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge

from integrations.sandbox.atlassian.state.records import Code, Family, Grant, Person, digest
from integrations.sandbox.atlassian.state.world import World, world

from . import tokens

if TYPE_CHECKING:
    from .client import RegisteredClient
    from .request import SandboxRequest


@dataclass(frozen=True)
class Consent:
    """Who accepted, and for which sites (cloud ids)."""

    person: Person
    sites: list[str]


class PresentedCode:
    """A code in the shape in which Authlib asks about it."""

    def __init__(self, record: Code) -> None:
        self.record = record
        self.code_challenge = record.code_challenge
        self.code_challenge_method = record.code_challenge_method

    def get_redirect_uri(self) -> str:
        return self.record.redirect_uri

    def get_scope(self) -> str:
        return self.record.scope


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc] # Authlib ships no types
    """Single-use codes; each exchange begins a family of tokens."""

    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_post"]

    def save_authorization_code(self, code: str, request: SandboxRequest) -> None:
        here, consent, asked = world(), request.user, request.payload.data
        kept = here.codes.save(
            Code(
                digest=digest(here.ledger.note("code", code)),
                client_id=request.client.record.client_id,
                account_id=consent.person.account_id,
                redirect_uri=request.payload.redirect_uri,
                scope=request.scope,
                sites=consent.sites,
                issued_at=here.clock.now(),
                code_challenge=asked.get("code_challenge"),
                code_challenge_method=asked.get("code_challenge_method"),
            )
        )
        grant_to(here, kept.client_id, kept.account_id, kept.scope, kept.sites)

    def query_authorization_code(self, code: str, client: RegisteredClient) -> PresentedCode | None:
        here = world()
        found = here.codes.get(digest(code))
        if found is None or found.used or found.client_id != client.record.client_id:
            return None
        late = here.clock.now() - found.issued_at > here.switches.code_seconds
        return None if late else PresentedCode(found)

    def delete_authorization_code(self, authorization_code: PresentedCode) -> None:
        authorization_code.record.used = True
        world().codes.save(authorization_code.record)

    def authenticate_user(self, authorization_code: PresentedCode) -> Family | None:
        """The family that the exchange begins; Authlib hands it on to the token generator as the user."""
        here, code = world(), authorization_code.record
        bound = self.request.client.record.mode == "resource"
        grant = here.grants.get(f"{code.client_id}|{code.account_id}")
        if grant is None or grant.revoked:
            return None
        family = tokens.new_family(
            here,
            client_id=code.client_id,
            account_id=code.account_id,
            scope=code.scope,
            sites=code.sites if bound else None,
        )
        here.counts.family(family.id).codes += 1
        return family


class OptionalCodeChallenge(CodeChallenge):  # type: ignore[misc] # Authlib ships no types
    """PKCE (RFC 7636): accepted and ignored as at Atlassian, or verified when the switch says so."""

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        if world().switches.verify_pkce:
            super().validate_code_challenge(grant, redirect_uri)

    def validate_code_verifier(self, grant: CodeGrant, result: Any) -> None:
        if world().switches.verify_pkce:
            super().validate_code_verifier(grant, result)


def grant_to(here: World, client_id: str, account_id: str, scope: str, sites: list[str]) -> None:
    """One grant per app and account: a new consent replaces the scopes and adds its sites (cloud ids)."""
    grant = here.grants.get(f"{client_id}|{account_id}")
    if grant is None or grant.revoked:
        grant = Grant(client_id, account_id, scope, [])
    grant.scope = scope
    grant.sites = list(dict.fromkeys([*grant.sites, *sites]))
    here.grants.save(grant)
    for cloud_id in sites:
        site = here.sites.get(cloud_id)
        if site and client_id in site.uninstalled:
            site.uninstalled.remove(client_id)
            here.sites.save(site)
