from __future__ import annotations

from .answers import ClientRejected, GrantRejected, NoAnswer, RequestRejected, TokenError, Tokens, read
from .client import Grant, OAuthClient
from .extras import Extras, with_query

__all__ = [
    "ClientRejected",
    "Extras",
    "Grant",
    "GrantRejected",
    "NoAnswer",
    "OAuthClient",
    "RequestRejected",
    "TokenError",
    "Tokens",
    "read",
    "with_query",
]
