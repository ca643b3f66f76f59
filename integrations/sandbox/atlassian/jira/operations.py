"""Which function answers which operation of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .call import Handler

OPERATIONS: dict[str, Handler] = {}
