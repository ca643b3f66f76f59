"""One way to write a document, so that equal documents are equal bytes."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def dump(document: Mapping[str, Any]) -> str:
    """Canonical JSON: keys sorted, no blanks, characters as themselves."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of what a document means, in hexadecimal: the order of its nodes, and of sources, says nothing."""
    ordered = {
        "nodes": sorted(document.get("nodes") or (), key=lambda node: str(node["name"])),
        # A stable sort: transitions of one source stay in the order in which they are tried.
        "transitions": sorted(document.get("transitions") or (), key=lambda way: str(way["source"])),
    }
    return hashlib.sha256(dump({**document, **ordered}).encode()).hexdigest()
