"""What a provider says of itself in its manifest.yaml."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from django.conf import settings

from .reading import read

SCHEMA = Path(__file__).parent / "schemas" / "manifest.yaml"


@dataclass(frozen=True)
class Address:
    """A base URL that the operator may move: the setting is read at every use."""

    setting: str
    path: str = ""

    def url(self, **parts: str) -> str:
        """The URL with ``{part}`` of its path filled, percent-encoded."""
        path = self.path.format(**{name: quote(value, safe="") for name, value in parts.items()})
        return f"{str(getattr(settings, self.setting)).rstrip('/')}{path}"


@dataclass(frozen=True)
class SystemClient:
    """The settings that hold the installation's own registration at the provider."""

    client_id_setting: str
    client_secret_setting: str


@dataclass(frozen=True)
class OAuth:
    authorization_url: Address
    token_url: Address
    refresh_url: Address
    scopes: tuple[str, ...]
    system: SystemClient
    #: What each scope lets the App do, for people.
    scope_words: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    token_body: Literal["json", "form"] = "form"  # noqa: S105 -- an encoding
    pkce: bool = True
    #: Days after which an unused refresh token lapses.
    refresh_lifetime_days: int | None = None


@dataclass(frozen=True)
class Basic:
    """Authorization by an account's e-mail and an API token that the account's owner made."""

    #: Fits the host of a site, in lower case.
    site_host: str
    #: How a site's address looks, for people.
    site_example: str
    #: Path below the site and below the gateway that tells who is asking.
    check: str
    #: Path below the site that tells its id without any authorization, and the answer's key that holds it.
    site_id: str
    site_id_key: str
    #: Where people make an API token.
    token_page: str = ""
    #: Days after which every API token of the provider has ended.
    lifetime_days: int | None = None
    #: When the provider's rules forbid this way, for whoever is about to use it.
    rule: str = ""
    #: Addresses that also count as sites, each followed by a name: an operator's stand-in.
    also: Address | None = None


@dataclass(frozen=True)
class Authorization:
    types: tuple[str, ...]
    methods: tuple[str, ...]
    cards: tuple[str, ...]
    oauth: OAuth
    basic: Basic | None = None


@dataclass(frozen=True)
class Api:
    platform: Address
    site: Address
    account_header: str = ""


@dataclass(frozen=True)
class Manifest:
    """``editions`` that may be authorized, and ``refused_editions`` with the reason why not."""

    name: str
    title: str
    description: str
    authorization: Authorization
    api: Api
    instructions: str = ""
    #: Whose sign-in page people see; empty: the title says it.
    vendor: str = ""
    help_url: str = ""
    symbol: str = "extension"
    editions: tuple[str, ...] = ()
    refused_editions: dict[str, str] = field(default_factory=dict)

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Everywhere that this provider is reached."""
        oauth, basic = self.authorization.oauth, self.authorization.basic
        also = (basic.also,) if basic and basic.also else ()
        return oauth.authorization_url, oauth.token_url, oauth.refresh_url, self.api.platform, self.api.site, *also


def load_manifest(path: Path) -> Manifest:
    """The manifest in this file. Raises CatalogInvalid."""
    raw = read(path, SCHEMA)
    authorization, api, editions = raw["authorization"], raw["api"], raw.get("editions", {})
    return Manifest(
        name=raw["name"],
        title=raw["title"],
        description=raw["description"].strip(),
        instructions=raw.get("instructions", "").strip(),
        vendor=raw.get("vendor", ""),
        help_url=raw.get("help_url", ""),
        symbol=raw.get("symbol", "extension"),
        editions=tuple(editions.get("allowed", ())),
        refused_editions=editions.get("refused", {}),
        authorization=Authorization(
            types=tuple(authorization["types"]),
            methods=tuple(authorization["methods"]),
            cards=tuple(authorization.get("cards", ["system"])),
            oauth=_oauth(authorization["oauth"]),
            basic=_basic(authorization["basic"]) if "basic" in authorization else None,
        ),
        api=Api(Address(**api["platform"]), Address(**api["site"]), api.get("account_header", "")),
    )


def _oauth(raw: dict[str, Any]) -> OAuth:
    return OAuth(
        authorization_url=Address(**raw["authorization_url"]),
        token_url=Address(**raw["token_url"]),
        refresh_url=Address(**raw.get("refresh_url", raw["token_url"])),
        scopes=tuple(raw["scopes"]),
        system=SystemClient(**raw["system"]),
        scope_words=raw.get("scope_words", {}),
        parameters=raw.get("parameters", {}),
        token_body=raw.get("token_body", "form"),
        pkce=raw.get("pkce", True),
        refresh_lifetime_days=raw.get("refresh_lifetime_days"),
    )


def _basic(raw: dict[str, Any]) -> Basic:
    return Basic(**{**raw, "also": Address(**raw["also"]) if "also" in raw else None})
