"""The ``state`` of an authorization request: unguessable, stored only as a hash (RFC 6749 section 10.12)."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import MutableMapping

#: Session key of the value that ties an authorization to the browser it was started in.
BROWSER = "authorization_browser"


def new_state() -> str:
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """What is stored in place of a state or of a browser's value."""
    return hashlib.sha256(text.encode()).hexdigest()


def browser_of(session: MutableMapping[str, Any]) -> str:
    """The digest of this browser's own value, made at first use.

    It is not the session key, because that changes when a person signs in half-way.
    """
    if not session.get(BROWSER):
        session[BROWSER] = secrets.token_urlsafe(32)
    return digest(session[BROWSER])
