"""What a token endpoint answered: tokens, or a no in one of three kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from xoplatform.core.crypto import Secret


@dataclass(frozen=True)
class Tokens:
    """``refresh_token`` is ``None`` when none came: the one used stays in force. ``expires_in`` is in seconds."""

    access_token: Secret
    refresh_token: Secret | None
    expires_in: float | None
    scopes: tuple[str, ...]


class TokenError(Exception):
    """The token endpoint gave no token; ``words`` is the provider's description."""

    def __init__(self, words: str = "") -> None:
        self.words = words
        super().__init__(words)


class GrantRejected(TokenError):
    """The code or refresh token is not accepted (any more)."""


class ClientRejected(TokenError):
    """Client ID or secret is not accepted: the configuration's fault, no grant is lost by it."""


class NoAnswer(TokenError):
    """Nothing usable came back: out of reach, out of order, too busy, or cut off after it may have acted."""


#: RFC 6749 section 5.2, and what Atlassian sends in place of invalid_client. The HTTP status does not decide.
CLIENT_ERRORS = frozenset({"access_denied", "invalid_client"})
BUSY_ERRORS = frozenset({"temporarily_unavailable", "server_error", "slow_down"})


def read(response: requests.Response) -> Tokens:
    """The tokens in this answer. Raises TokenError."""
    try:
        body = response.json()
    except requests.JSONDecodeError:
        body = None
    if not isinstance(body, Mapping):
        raise NoAnswer(f"status {response.status_code} without JSON")
    if "error" in body or not response.ok:
        raise _refusal(response.status_code, body)
    if not isinstance(body.get("access_token"), str) or not body["access_token"]:
        raise NoAnswer("an answer without a token")
    refresh = body.get("refresh_token")
    return Tokens(
        access_token=Secret(body["access_token"]),
        refresh_token=Secret(refresh) if isinstance(refresh, str) and refresh else None,
        expires_in=_seconds(body.get("expires_in")),
        scopes=tuple(str(body.get("scope") or "").split()),
    )


def _refusal(status: int, body: Mapping[str, Any]) -> TokenError:
    error = str(body.get("error") or "")
    words = str(body.get("error_description") or error or f"status {status}")[:300]
    if status >= 500 or status == 429 or error in BUSY_ERRORS:  # noqa: PLR2004
        return NoAnswer(words)
    if error in CLIENT_ERRORS or (status == 401 and not error):  # noqa: PLR2004
        return ClientRejected(words)
    return GrantRejected(words) if error else NoAnswer(words)


def _seconds(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
