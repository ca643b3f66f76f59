"""Signatures as in Standard Webhooks (https://www.standardwebhooks.com): three headers of whatever is sent or received.

``webhook-id`` names the delivery and stays the same when it is repeated, ``webhook-timestamp`` is its time in seconds
since 1970, ``webhook-signature`` holds ``v1,`` and the base64 of an HMAC-SHA256 over ``id.timestamp.body``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import secrets
from typing import TYPE_CHECKING, Any, Final

from dialogs.errors import BadSignature

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

PREFIX: Final = "whsec_"
VERSION: Final = "v1,"
#: Seconds that a delivery may be old, or ahead of our clock: what the specification's libraries allow.
TOLERANCE: Final = 300
DELIVERY: Final = re.compile(r"[\x21-\x7e]{1,100}")


def new_secret() -> str:
    """A fresh secret of 256 random bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed(secret: str, delivery: str, body: bytes, now: datetime, *earlier: str) -> dict[str, str]:
    """The three headers for a delivery; while a secret is being changed, signed with the ``earlier`` one too."""
    timestamp = str(int(now.timestamp()))
    made = [VERSION + _signature(one, delivery, timestamp, body) for one in (secret, *earlier)]
    return {"webhook-id": delivery, "webhook-timestamp": timestamp, "webhook-signature": " ".join(made)}


def signed_json(
    payload: Mapping[str, Any], secret: str, delivery: str, now: datetime, *earlier: str
) -> tuple[bytes, dict[str, str]]:
    """The body of a delivery, and all headers it is sent with; signed as `signed` says."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    return body, headers | signed(secret, delivery, body, now, *earlier)


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> str:
    """The id of a delivery that was signed with this secret and is fresh. Raises BadSignature."""
    delivery, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not DELIVERY.fullmatch(delivery) or not re.fullmatch(r"\d{1,12}", timestamp, re.ASCII):
        raise BadSignature(reason="The headers webhook-id and webhook-timestamp must be there.")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE:
        raise BadSignature(reason="Its webhook-timestamp is more than five minutes from now.")
    wanted = _signature(secret, delivery, timestamp, body)
    # A sender that changes its secret signs with both for a while.
    given = [one.removeprefix(VERSION).encode() for one in headers.get("webhook-signature", "").split()]
    if not any(hmac.compare_digest(wanted.encode(), one) for one in given):
        raise BadSignature(reason="Its webhook-signature is not the one that the App's signing secret makes.")
    return delivery


def _signature(secret: str, delivery: str, timestamp: str, body: bytes) -> str:
    signing = f"{delivery}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.digest(_key(secret), signing, hashlib.sha256)).decode()


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        return secret.encode()
