"""The value that keeps a secret out of sight. It decrypts only when asked, so a list of rows can be shown although a
key is missing."""

from __future__ import annotations

from typing import Any, NamedTuple, NoReturn, Self

from .errors import PlatformError
from .keyring import EncryptionKeyInvalid, Place, SecretUnreadable, decrypt, encrypt, new_key, renewed

__all__ = [
    "HIDDEN",
    "EncryptionKeyInvalid",
    "Sealed",
    "Secret",
    "SecretUnreadable",
    "SecretUnsealed",
    "SecretWithoutRow",
    "new_key",
]

HIDDEN = "•••"


class SecretWithoutRow(PlatformError):
    """A stored secret was asked for without its row, to which it is bound. Nothing was read.
    A programmer can read it as an attribute of its model instance; `values()` and `values_list()` give no secrets."""

    code = "secret_without_row"
    status = 500


class SecretUnsealed(PlatformError):
    """A secret was about to be stored without being bound to its row. Nothing was written.
    A programmer can save the model instance, or pass `sealed(row, …)` to `update()`."""

    code = "secret_unsealed"
    status = 500


class Sealed(NamedTuple):
    """What a column is given to store: a ciphertext that can be read in one place only, or nothing."""

    ciphertext: str

    def __repr__(self) -> str:
        return f"Sealed({HIDDEN})"


class Secret:
    """A text that shows itself only through `reveal`; everywhere else it reads ``•••``.

    It holds either a text that is not stored yet, or a ciphertext and the place for which it was made.
    """

    __slots__ = ("_ciphertext", "_text", "place")

    def __init__(self, text: str | None = None, *, ciphertext: str = "", place: Place | None = None) -> None:
        self._text = text
        self._ciphertext = ciphertext
        self.place = place

    @classmethod
    def of(cls, value: Any) -> Self:
        """``value`` as a secret; a secret is returned as it is."""
        return value if isinstance(value, cls) else cls("" if value is None else str(value))

    def reveal(self) -> str:
        """The text itself. Raises SecretUnreadable when it was stored under a key that is gone or in another place,
        SecretWithoutRow when it was read past its row."""
        if not self._ciphertext:
            return self._text or ""
        if self.place is None:
            raise SecretWithoutRow
        return decrypt(self._ciphertext, self.place)

    @property
    def ciphertext(self) -> str:
        """What is stored; empty for an empty text and for one that is not stored yet."""
        return self._ciphertext

    def sealed_for(self, place: Place) -> Sealed:
        """What to store there. A value that stays where it is, is kept even if no key can read it."""
        if not self:
            return Sealed("")
        if self._ciphertext and self.place == place:
            try:
                # Under the first key now: a row saved while keys rotate brings nothing back under an older one.
                return Sealed(renewed(self._ciphertext, place))
            except SecretUnreadable:
                return Sealed(self._ciphertext)
        return Sealed(encrypt(self.reveal(), place))

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
