"""Behaviours of Atlassian that are undocumented, changing or rare, each behind a switch."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

DAY = 86_400.0
PROFILES: dict[str, dict[str, Any]] = {
    # What Atlassian documents: ten minutes in which a superseded refresh token still works.
    "leeway": {"leeway_seconds": 600.0, "revoke_family_on_reuse": False},
    # What a careful client must survive: the second use of a token kills everything that descends from it.
    "strict": {"leeway_seconds": 0.0, "revoke_family_on_reuse": True},
}


@dataclass
class Switches:
    """All of them with their usual setting; `profile` sets two at once."""

    profile: str = "leeway"
    leeway_seconds: float = 600.0
    revoke_family_on_reuse: bool = False
    idle_seconds: float = 90 * DAY
    absolute_seconds: float | None = None
    access_seconds: int = 3600
    code_seconds: float = 600.0
    #: `unauthorized_client` as seen of late, or `invalid_grant` as documented.
    refresh_error: str = "unauthorized_client"
    #: `invalid_request` as seen of late, or `invalid_grant` as in earlier years.
    code_error: str = "invalid_request"
    verify_pkce: bool = False
    old_access_dies_on_refresh: bool = False
    #: Status for an expired access token at the gateway: 401, 403 or 404.
    expired_status: int = 401
    index_lag_seconds: float = 0.0
    short_pages: bool = False
    near_limit: bool = False

    def change(self, values: dict[str, Any]) -> None:
        """Sets some switches; raises KeyError for one that does not exist."""
        known = {each.name for each in fields(self)}
        if unknown := set(values) - known:
            raise KeyError(", ".join(sorted(unknown)))
        for name, value in {**PROFILES[values.get("profile", self.profile)], **values}.items():
            if name in values or "profile" in values:
                setattr(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)
