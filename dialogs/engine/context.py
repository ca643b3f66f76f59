"""The context object during a turn: written by copying along the path, so that the state before stays as it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xoplatform.core.templating import Path

#: Most bytes of JSON that the contexts of a conversation may hold: of the task that goes on and of those that wait.
MOST_BYTES: Final = 1024 * 1024
#: Deepest nesting of a value. Stores and readers of JSON give up at about a thousand, in the middle of their work.
DEEPEST: Final = 200
#: Made once: `json.dumps` with any option makes an encoder per call.
WRITE: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class ContextTooLarge(Exception):
    """The context would exceed its limit; the change was not made."""


def measured(value: Any) -> tuple[Any, int]:
    """A value as any store of JSON takes it, and its size in bytes.

    Not all do with NUL, half of a surrogate pair, or numbers that are none: the first two are dropped, the last become
    null. Raises ContextTooLarge for what is nested too deeply to be written.
    """
    try:
        text = WRITE(value)
        size = len(text.encode())
        if text.count("[") + text.count("{") > DEEPEST and _depth(value) > DEEPEST:
            raise ContextTooLarge
        if "\\u0000" not in text:
            return value, size
    except (ValueError, UnicodeEncodeError):
        pass
    except RecursionError:
        raise ContextTooLarge from None
    value = json.loads(json.dumps(_clean(value), default=str))
    return value, len(json.dumps(value, ensure_ascii=False).encode())


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level := [part for one in level if isinstance(one, dict | list) for part in _parts(one)]:
        depth += 1
    return depth


def _parts(value: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value


def clean_text(text: str) -> str:
    """A text without what a store of text may refuse: NUL and halves of surrogate pairs."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return None if isinstance(value, float) and (value != value or value in (float("inf"), -float("inf"))) else value  # noqa: PLR0124 -- only NaN differs from itself


class Context:
    """``values`` is replaced, never changed in place. ``size`` is an upper bound until it has to be counted.

    ``most`` are the bytes that it may take: all, or what other tasks of the conversation leave.
    """

    __slots__ = ("most", "size", "values")

    def __init__(self, values: Mapping[str, Any], size: int = 0) -> None:
        self.values: dict[str, Any] = dict(values)
        self.size = size
        self.most = MOST_BYTES

    def put(self, path: Path, value: Any) -> Any:
        """Set the value at ``path``, making the mappings on the way; gives it back as it was kept.

        Raises:
            ContextTooLarge: there is no room for it.
        """
        value, size = measured(value)
        self._accept(_with(self.values, path, value), self.size + size + sum(len(str(step)) + 4 for step in path))
        return value

    def replace(self, values: Mapping[str, Any]) -> None:
        """Take over what a script left. Raises ContextTooLarge."""
        kept, size = measured(dict(values))
        self._accept(kept, size)

    def _accept(self, values: dict[str, Any], size: int) -> None:
        if size > self.most:
            size = measured(values)[1]
        if size > self.most:
            raise ContextTooLarge
        self.values, self.size = values, size


def _with(values: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    first, rest = str(path[0]), path[1:]
    if not rest:
        return {**values, first: value}
    below = values.get(first)
    return {**values, first: _with(below if isinstance(below, dict) else {}, rest, value)}
