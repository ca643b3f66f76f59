from __future__ import annotations

from .answers import ClientRejected, GrantRejected, NoAnswer, TokenError, Tokens, read
from .client import Grant, OAuthClient
from .extras import Extras, with_query

__all__ = [
    "ClientRejected",
    "Extras",
    "Grant",
    "GrantRejected",
    "NoAnswer",
    "OAuthClient",
    "TokenError",
    "Tokens",
    "read",
    "with_query",
]
