"""What a token endpoint answered: tokens, or a no in one of three kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from xoplatform.core.crypto import Secret
from xoplatform.core.retry_after import retry_after


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


class RequestRejected(GrantRejected):
    """The request itself is not accepted. For a code that is a refusal; a refresh token is not judged by it."""


class NoAnswer(TokenError):
    """Nothing usable came back: out of reach, out of order, too busy, or cut off after it may have acted.

    ``acted``: a token may have been given out whose answer was lost, so the same request is worth repeating at once.
    ``retry_after``: seconds that the provider asked us to wait, at most `LONGEST_WAIT`; None if it did not say.
    """

    def __init__(self, words: str = "", *, acted: bool = True, retry_after: float | None = None) -> None:
        self.acted, self.retry_after = acted, retry_after
        super().__init__(words)


#: The longest wait, in seconds, that a token endpoint is believed; longer would let tokens end that still live.
LONGEST_WAIT = 600.0

#: RFC 6749 section 5.2, and what Atlassian sends in place of invalid_client. The HTTP status does not decide.
CLIENT_ERRORS = frozenset({"access_denied", "invalid_client"})
#: Said of how the request was made, not of what it presents (RFC 6749 section 5.2).
REQUEST_ERRORS = frozenset({"invalid_request", "unsupported_grant_type", "invalid_scope"})
#: With which a server says itself that it did nothing (RFC 6749 section 4.1.2.1, RFC 8628 section 3.5).
TURNED_AWAY = frozenset({"temporarily_unavailable", "slow_down"})
BUSY_ERRORS = frozenset({"server_error"}) | TURNED_AWAY


def read(response: requests.Response) -> Tokens:
    """The tokens in this answer. Raises TokenError."""
    try:
        body = response.json()
    except requests.JSONDecodeError:
        body = None
    if not isinstance(body, Mapping):
        raise _silence(response, f"status {response.status_code} without JSON")
    if "error" in body or not response.ok:
        raise _refusal(response, body)
    if not isinstance(body.get("access_token"), str) or not body["access_token"]:
        raise NoAnswer("an answer without a token")
    refresh = body.get("refresh_token")
    return Tokens(
        access_token=Secret(body["access_token"]),
        refresh_token=Secret(refresh) if isinstance(refresh, str) and refresh else None,
        expires_in=_seconds(body.get("expires_in")),
        scopes=tuple(str(body.get("scope") or "").split()),
    )


def _refusal(response: requests.Response, body: Mapping[str, Any]) -> TokenError:
    status, error = response.status_code, str(body.get("error") or "")
    words = str(body.get("error_description") or error or f"status {status}")[:300]
    if status >= 500 or status == 429 or error in BUSY_ERRORS:  # noqa: PLR2004
        return _silence(response, words, error)
    if error in CLIENT_ERRORS or (status == 401 and not error):  # noqa: PLR2004
        return ClientRejected(words)
    if error in REQUEST_ERRORS:
        return RequestRejected(words)
    return GrantRejected(words) if error else _silence(response, words)


def _silence(response: requests.Response, words: str, error: str = "") -> NoAnswer:
    """No tokens, and no word about client or grant."""
    status = response.status_code
    # A gateway that gives up waiting, or puts its own page in the answer's place, does not know what the server behind
    # it did. "Too many requests" and "unavailable" are said before anything is done, and so is any other refusal.
    turned_away = error in TURNED_AWAY or status in (429, 503) or 300 <= status < 500  # noqa: PLR2004
    wait = retry_after(response.headers, at_most=LONGEST_WAIT) if turned_away else None
    return NoAnswer(words, acted=not turned_away, retry_after=wait)


def _seconds(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
