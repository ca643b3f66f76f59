"""What is kept of a turn's trace: redacted, and short enough for a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xoplatform.logs import redact

#: Longest text and longest list that are kept whole; the trace says what was left out.
TEXT = 2_000
ITEMS = 20


def kept(trace: Mapping[str, Any]) -> Any:
    """A copy of a trace without secrets, long texts and lists cut."""
    return _cut(redact(trace))


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= TEXT else f"{value[:TEXT]}… ({len(value):,} characters)"
    if isinstance(value, Mapping):
        return {key: _cut(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        left_out = [f"… {len(value) - ITEMS:,} more"] if len(value) > ITEMS else []
        return [_cut(item) for item in value[:ITEMS]] + left_out
    return value
