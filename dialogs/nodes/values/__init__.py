"""The types of entities. A module in `types` with a `ValueType` in it is a type; nothing else need know of it."""

from __future__ import annotations

from .registry import TYPES

__all__ = ["TYPES"]
