"""Proof Key for Code Exchange with S256 (RFC 7636)."""

from __future__ import annotations

from oauthlib.oauth2 import WebApplicationClient


def new_verifier() -> str:
    """RFC 7636 section 4.1; 64 characters."""
    return str(WebApplicationClient("").create_code_verifier(64))


def challenge(verifier: str) -> str:
    """RFC 7636 section 4.2."""
    return str(WebApplicationClient("").create_code_challenge(verifier, "S256"))
