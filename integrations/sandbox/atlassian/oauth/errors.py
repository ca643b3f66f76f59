"""The token endpoint's refusals, in the words that Atlassian uses for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from authlib.oauth2.rfc6749 import InvalidClientError, InvalidGrantError

if TYPE_CHECKING:
    from authlib.oauth2 import OAuth2Error

    from integrations.sandbox.atlassian.state.switches import Switches

Refusal = tuple[int, dict[str, str]]

BAD_SECRET: Refusal = (401, {"error": "access_denied", "error_description": "Unauthorized"})
BAD_CODE: dict[str, Refusal] = {
    "invalid_request": (400, {"error": "invalid_request", "error_description": "authorization_code is invalid"}),
    "invalid_grant": (403, {"error": "invalid_grant", "error_description": "Invalid authorization code"}),
}
BAD_REFRESH_TOKEN: dict[str, Refusal] = {
    "unauthorized_client": (
        403,
        {"error": "unauthorized_client", "error_description": "refresh_token is invalid"},
    ),
    "invalid_grant": (
        403,
        {"error": "invalid_grant", "error_description": "Unknown or invalid refresh token."},
    ),
}


def refusal(error: OAuth2Error, grant_type: str | None, switches: Switches) -> Refusal | None:
    """Atlassian's status and body for an error of Authlib, or None where Authlib's own will do."""
    if isinstance(error, InvalidClientError):
        return BAD_SECRET
    if isinstance(error, InvalidGrantError):
        if grant_type == "refresh_token":
            return BAD_REFRESH_TOKEN[switches.refresh_error]
        return BAD_CODE[switches.code_error]
    return None
