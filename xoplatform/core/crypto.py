"""Encryption at rest with rotating keys, and the value that keeps a secret out of sight.

The first key of ``XO_ENCRYPTION_KEYS`` encrypts; all of them decrypt. A `Secret` decrypts only
when asked, so a list of rows can be shown although a key is missing.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import Any, NoReturn, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from .errors import PlatformError

HIDDEN = "•••"


class SecretUnreadable(PlatformError):
    """A stored secret cannot be read: none of the keys in XO_ENCRYPTION_KEYS made it. Nothing was sent.
    An operator can put the key that made it back at the end of XO_ENCRYPTION_KEYS; otherwise authorize again."""

    code = "secret_unreadable"
    status = 500


class EncryptionKeyInvalid(PlatformError):
    """XO_ENCRYPTION_KEYS holds something that is not a key. Nothing was encrypted or read.
    An operator can make a key with `manage.py newkey`."""

    code = "encryption_key_invalid"
    status = 500


@lru_cache(maxsize=4)
def _ring(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        raise EncryptionKeyInvalid from error


def _fernet() -> MultiFernet:
    keys = tuple(settings.XO_ENCRYPTION_KEYS)
    if not keys:
        # Lets a fresh checkout run; `check --deploy` refuses an installation without keys of its own.
        derived = hashlib.sha256(b"xo-platform" + settings.SECRET_KEY.encode()).digest()
        keys = (base64.urlsafe_b64encode(derived).decode(),)
    return _ring(keys)


def new_key() -> str:
    """A fresh key for the front of ``XO_ENCRYPTION_KEYS``."""
    return Fernet.generate_key().decode()


def encrypt(text: str) -> str:
    """``text`` encrypted with the first key."""
    return _fernet().encrypt(text.encode()).decode()


def decrypt(ciphertext: str) -> str:
    """The text behind ``ciphertext``. Raises SecretUnreadable when no key fits."""
    try:
        return _fernet().decrypt(ciphertext.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadable from error


def reencrypt(ciphertext: str) -> str:
    """The same text encrypted with the first key. Raises SecretUnreadable when no key fits."""
    try:
        return _fernet().rotate(ciphertext.encode()).decode()
    except InvalidToken as error:
        raise SecretUnreadable from error


class Secret:
    """A text that shows itself only through `reveal`; everywhere else it reads ``•••``."""

    __slots__ = ("_ciphertext", "_text")

    def __init__(self, text: str | None = None, *, ciphertext: str = "") -> None:
        self._text = text
        self._ciphertext = ciphertext

    @classmethod
    def of(cls, value: Any) -> Self:
        """``value`` as a secret; a secret is returned as it is."""
        return value if isinstance(value, cls) else cls("" if value is None else str(value))

    def reveal(self) -> str:
        """The text itself. Raises SecretUnreadable when it was stored under a key that is gone."""
        if self._text is None:
            self._text = decrypt(self._ciphertext) if self._ciphertext else ""
        return self._text

    @property
    def ciphertext(self) -> str:
        """What is stored: empty for an empty text."""
        if not self._ciphertext and self._text:
            self._ciphertext = encrypt(self._text)
        return self._ciphertext

    def __bool__(self) -> bool:
        return bool(self._text or self._ciphertext)

    def __repr__(self) -> str:
        return HIDDEN if self else "''"

    def __str__(self) -> str:
        return HIDDEN if self else ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.reveal() == other.reveal()

    __hash__ = None  # type: ignore[assignment]  # never a key of anything

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _memo: Any) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret is not sent anywhere.")  # not to a cache, a queue or another process
