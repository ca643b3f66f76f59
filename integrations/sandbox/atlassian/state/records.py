"""What the stand-in knows about people, sites, apps and grants. Tokens are kept as digests only."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


def digest(secret: str) -> str:
    """What is stored instead of a token or a client secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass
class Person:
    """An Atlassian account."""

    key: str
    account_id: str
    name: str
    email: str
    email_hidden: bool = False
    locale: str = "en_US"
    time_zone: str = "America/New_York"
    note: str = ""


@dataclass
class Site:
    """A cloud site with its products and members (account ids)."""

    name: str
    cloud_id: str
    title: str
    members: list[str] = field(default_factory=list)
    admins: list[str] = field(default_factory=list)
    products: list[str] = field(default_factory=lambda: ["jira"])
    without_jira: list[str] = field(default_factory=list)
    block_user_apps: bool = False
    uninstalled: list[str] = field(default_factory=list)
    time_zone: str = "America/Sao_Paulo"
    plan: str = "PAID"

    def path(self, base: str) -> str:
        """The address people see, below the sandbox's own."""
        return f"{base.rstrip('/')}/site/{self.name}"


@dataclass
class Client:
    """An app of the developer console. `mode` is `account` or `resource`, chosen at creation."""

    client_id: str
    secret_digest: str
    name: str
    callback_url: str
    mode: str = "account"
    shared: bool = True
    owner: str = ""
    scopes: list[str] | None = None


@dataclass
class Grant:
    """What one account allowed one app: one per pair, whatever the number of consents."""

    client_id: str
    account_id: str
    scope: str
    sites: list[str]
    revoked: str = ""

    @property
    def key(self) -> str:
        return f"{self.client_id}|{self.account_id}"


@dataclass
class Code:
    """An authorization code, by digest."""

    digest: str
    client_id: str
    account_id: str
    redirect_uri: str
    scope: str
    sites: list[str]
    issued_at: float
    code_challenge: str | None = None
    code_challenge_method: str | None = None
    used: bool = False


@dataclass
class Family:
    """All tokens that descend from one consent. `sites` binds them in resource mode, None in account mode."""

    id: str
    client_id: str
    account_id: str
    scope: str
    sites: list[str] | None
    created_at: float
    revoked: str = ""

    @property
    def grant_key(self) -> str:
        return f"{self.client_id}|{self.account_id}"


@dataclass
class RefreshToken:
    """A refresh token, by digest. `superseded_at` is when it was first exchanged."""

    digest: str
    family: str
    issued_at: float
    superseded_at: float | None = None


@dataclass
class AccessToken:
    """An access token, by digest."""

    digest: str
    family: str
    scope: str
    expires_at: float
    dead: bool = False


@dataclass
class ApiToken:
    """A token for Basic authentication, by digest; with scopes it works at the gateway only."""

    digest: str
    account_id: str
    scopes: list[str] | None = None
    expires_at: float | None = None


@dataclass
class Setting:
    """A value of the sandbox itself that must outlive the process."""

    name: str
    value: str
