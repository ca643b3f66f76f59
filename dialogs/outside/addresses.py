"""Addresses under which what a conversation waits for comes in: each opens one wait, and nobody can guess it."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    import uuid

#: Where each kind of wait comes in.
PAGES = {"webhook": "event_callback", "form": "dialog_form", "agent": "event_desk"}


def token_of(key: uuid.UUID) -> str:
    """The token of a wait: 256 bits that only this installation can make. The database keeps its hash.

    It follows from the wait's key, so that a delivery which is repeated after a crash names the same address.
    """
    mark = salted_hmac("dialogs.wait", str(key), algorithm="sha256")
    return base64.urlsafe_b64encode(mark.digest()).decode().rstrip("=")


def digest(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def address_of(kind: str, key: uuid.UUID) -> str:
    """The address of a wait. It is a secret: it goes to whoever may answer, and nowhere else."""
    return f"{settings.XO_BASE_URL}{reverse(PAGES[kind], args=[token_of(key)])}"
