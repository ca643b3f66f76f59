"""Graph documents of format 1: read from YAML or JSON, checked, written canonically."""

from __future__ import annotations

from .canonical import digest, dump
from .errors import UnreadableDocument
from .exported import load_export, write_export
from .loading import check, load

__all__ = ["UnreadableDocument", "check", "digest", "dump", "load", "load_export", "write_export"]
