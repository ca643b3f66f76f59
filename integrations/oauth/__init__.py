from __future__ import annotations

from .answers import ClientRejected, GrantRejected, NoAnswer, TokenError, Tokens
from .client import OAuthClient

__all__ = ["ClientRejected", "GrantRejected", "NoAnswer", "OAuthClient", "TokenError", "Tokens"]
