"""What was given out since the last reset, for tests that look for secrets where none may be.

In memory only: the state file holds digests, and the product never reads this.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class IssuedSecret:
    """A secret in plain text. ``kind``: access_token, refresh_token, code, api_token or client_secret."""

    kind: str
    value: str


@dataclass(frozen=True)
class Exchange:
    """One refresh, whether or not its answer arrived. Tokens by digest, moment in sandbox time.

    Refused ones have no ``given`` but the ``trouble``. ``mark`` is the request's ``X-Sandbox-Mark``, by which a test
    finds its own requests again.
    """

    presented: str
    given: str
    family: str
    at: float
    mark: str
    trouble: str = ""


class Ledger:
    """Everything that was issued, in order."""

    def __init__(self) -> None:
        self._secrets: dict[IssuedSecret, None] = {}
        self._exchanges: list[Exchange] = []

    def note(self, kind: str, value: str) -> str:
        """Remembers a secret and hands it on."""
        self._secrets[IssuedSecret(kind, value)] = None
        return value

    def exchanged(self, exchange: Exchange) -> None:
        self._exchanges.append(exchange)

    def secrets(self) -> list[dict[str, Any]]:
        return [asdict(each) for each in list(self._secrets)]

    def exchanges(self) -> list[dict[str, Any]]:
        return [asdict(each) for each in list(self._exchanges)]
