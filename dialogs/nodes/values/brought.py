"""Files that came with earlier messages, as the context keeps them until an entity takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xoplatform.core.templating import Path

    from .base import Circumstances

#: Where the context keeps them.
FILES: Final[Path] = ("userInputs", "files")
#: Files that are kept, the last ones.
MOST_FILES: Final = 10


def files_of(inputs: Any) -> list[dict[str, Any]]:
    """The files that no entity has taken yet, each with the turn in which it came."""
    files = inputs.get("files") if isinstance(inputs, dict) else None
    return [file for file in files if isinstance(file, dict)] if isinstance(files, list) else []


def with_files(inputs: Any, files: Iterable[Mapping[str, Any]], turn: int) -> list[dict[str, Any]]:
    """What was kept, and files that come in this turn."""
    return [*files_of(inputs), *({**file, "turn": turn} for file in files)][-MOST_FILES:]


def left_of(inputs: Any, taken: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What stays of the files once an entity has taken one."""
    return [file for file in files_of(inputs) if any(file.get(key) != value for key, value in taken.items())]


def came_now(around: Circumstances, turn: int) -> bool:
    """Whether one of these files came in this turn: only then a refusal tells something new."""
    return any(file.get("turn") == turn for file in around.files)
