from __future__ import annotations

from .answers import ClientRejected, GrantRejected, NoAnswer, TokenError, Tokens
from .client import Grant, OAuthClient
from .extras import Extras

__all__ = ["ClientRejected", "Extras", "Grant", "GrantRejected", "NoAnswer", "OAuthClient", "TokenError", "Tokens"]
