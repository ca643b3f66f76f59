"""What a provider is. One with nothing odd about it needs no code: its folder's data make an instance of this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .manifest import Manifest
    from .operations import JSON, Operation
    from .templates import TemplateInfo


class Reaction(Enum):
    """What an answer asks us to do, beyond handing it on."""

    HAND_ON = "hand on"
    RENEW_TOKEN = "renew the token and try once more"  # noqa: S105 -- words
    ASK_FOR_SCOPES = "the grant lacks a scope"
    SITE_GONE = "the site is no longer open to us"
    COME_LATER = "too many requests, or out of order for a while"


@dataclass(frozen=True)
class Reply:
    """An answer of the provider; header names in lower case."""

    status: int
    body: JSON = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    """A tenant of the provider that a grant reaches."""

    id: str
    name: str
    url: str
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Account:
    """Who granted access."""

    id: str
    name: str = ""
    email: str = ""


#: Gets a path of the provider's platform with a grant's token.
Ask = Callable[[str], Reply]


class Refused(Exception):
    """An answer that must not be used; its text says why."""


@dataclass
class Provider:
    """Data of one provider, and the hooks where a provider may differ from plain OAuth 2.0 and JSON over HTTP."""

    manifest: Manifest
    operations: dict[str, Operation]
    templates: tuple[TemplateInfo, ...]

    def sites(self, ask: Ask) -> list[Site]:
        """The tenants this grant reaches. A provider without tenants has one, itself."""
        return [Site(self.manifest.name, self.manifest.title, self.manifest.api.platform.url())]

    def sites_told(self, operation: Operation, body: JSON) -> list[Site]:
        """The tenants that an operation's answer happens to name, before `adapt`; most name none."""
        return []

    def account(self, ask: Ask) -> Account:
        """Who granted access; empty where the provider does not tell."""
        return Account("")

    def basic_account(self, reply: Reply) -> Account | None:
        """Who is behind the answer to the manifest's Basic check; None if it does not come from a signed-in account."""
        return None

    def at_site(self, operation: Operation) -> str | None:
        """The path at the site's own address that serves this operation of the platform for a Basic connection."""
        return None

    def reaction(self, reply: Reply) -> Reaction:
        """RFC 6750 section 3.1 for 401, RFC 9110 section 15.6.4 and RFC 6585 section 4 for 503 and 429."""
        if reply.status == 401:  # noqa: PLR2004
            return Reaction.RENEW_TOKEN
        return Reaction.COME_LATER if reply.status in (429, 503) else Reaction.HAND_ON

    def may_have_expired(self, reply: Reply) -> bool:
        """Whether a refusal other than `Reaction.RENEW_TOKEN` may also be this provider's way to say "token expired".

        The stored expiry decides then: only if that has passed is the token renewed.
        """
        return False

    def words(self, reply: Reply) -> str:
        """The provider's own explanation of a failure, for people; empty if it gave none."""
        return ""

    def adapt(self, operation: Operation, body: JSON, site: Mapping[str, Any]) -> JSON:
        """A successful answer as the operation promises it. Raises Refused if it must not be used."""
        return body
