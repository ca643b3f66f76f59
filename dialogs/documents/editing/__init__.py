"""Changing a draft by operations that can be taken back, merged and told to others. Plain Python over documents."""

from __future__ import annotations

from .apply import apply
from .door import read_ops
from .draft import Draft
from .errors import BadEdit
from .following import exactly, followed
from .touches import Thing, clashes, touched
from .turning import ops_between
from .uses import uses_of

__all__ = [
    "BadEdit",
    "Draft",
    "Thing",
    "apply",
    "clashes",
    "exactly",
    "followed",
    "ops_between",
    "read_ops",
    "touched",
    "uses_of",
]
