"""Encryption at rest with rotating keys, each value bound to the one cell that it is stored in.

The first key of ``XO_ENCRYPTION_KEYS`` encrypts; all of them decrypt. From each, HKDF (RFC 5869) derives a key for one
cell, named by its table, column and row: a value copied to another row or column cannot be read there.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import lru_cache
from typing import NamedTuple

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from .errors import PlatformError


class SecretUnreadable(PlatformError):
    """A stored secret cannot be read: none of the keys in XO_ENCRYPTION_KEYS made it for this place. Nothing was sent.
    An operator can put the key that made it back at the end of XO_ENCRYPTION_KEYS; otherwise authorize again."""

    code = "secret_unreadable"
    status = 500


class EncryptionKeyInvalid(PlatformError):
    """XO_ENCRYPTION_KEYS holds something that is not a key. Nothing was encrypted or read.
    An operator can make a key with `manage.py newkey`."""

    code = "encryption_key_invalid"
    status = 500


class Place(NamedTuple):
    """One cell of the database: ``row`` holds the values that tell its row from all others."""

    table: str
    column: str
    row: tuple[str | None, ...]

    @property
    def label(self) -> bytes:
        """Different for different places, whatever their parts hold."""
        return json.dumps([self.table, self.column, *self.row]).encode()


def new_key() -> str:
    """A fresh key for the front of ``XO_ENCRYPTION_KEYS``."""
    return Fernet.generate_key().decode()


def keys() -> tuple[str, ...]:
    """The keys in force, newest first. Raises EncryptionKeyInvalid."""
    found = tuple(settings.XO_ENCRYPTION_KEYS) or (_of_a_fresh_checkout(settings.SECRET_KEY),)
    _check(found)
    return found


@lru_cache(maxsize=4)
def _of_a_fresh_checkout(secret_key: str) -> str:
    # Lets it run; `check --deploy` refuses an installation without keys of its own.
    return base64.urlsafe_b64encode(hashlib.sha256(b"xo-platform" + secret_key.encode()).digest()).decode()


@lru_cache(maxsize=4)
def _check(found: tuple[str, ...]) -> None:
    for key in found:
        try:
            Fernet(key)
        except ValueError as error:
            raise EncryptionKeyInvalid from error


@lru_cache(maxsize=16)
def fingerprint(key: str) -> str:
    """Tells one key from another, and nothing of what it is."""
    return _derived(key, b"xo fingerprint")[:8].hex()


def fingerprints() -> list[str]:
    """Those of the keys in force, newest first."""
    return [fingerprint(key) for key in keys()]


def encrypt(text: str, place: Place) -> str:
    """``text`` encrypted for ``place`` with the first key."""
    return _ring(keys(), place).encrypt(text.encode()).decode()


def decrypt(ciphertext: str, place: Place) -> str:
    """The text behind ``ciphertext``. Raises SecretUnreadable when no key fits, or when it was made for elsewhere."""
    try:
        return _ring(keys(), place).decrypt(ciphertext.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadable from error


def renewed(ciphertext: str, place: Place) -> str:
    """The same text under the first key: ``ciphertext`` itself if it is already. Raises SecretUnreadable."""
    first, *older = keys()
    stored = ciphertext.encode()
    try:
        _cell_key(first, place).decrypt(stored)
    except InvalidToken:
        pass
    else:
        return ciphertext
    for key in older:
        try:
            text = _cell_key(key, place).decrypt(stored)
        except InvalidToken:
            continue
        return _cell_key(first, place).encrypt(text).decode()
    raise SecretUnreadable


@lru_cache(maxsize=256)
def _ring(ring: tuple[str, ...], place: Place) -> MultiFernet:
    return MultiFernet([_cell_key(key, place) for key in ring])


def _cell_key(key: str, place: Place) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(key, b"xo" + place.label)))


def _derived(key: str, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=info).derive(base64.urlsafe_b64decode(key))
