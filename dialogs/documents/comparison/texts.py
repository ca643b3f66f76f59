"""Long texts, line by line."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING, Final

from .model import DiffLine, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Lines that stay the same around a change are shown up to this many.
AROUND: Final = 2
#: Comparing takes time that grows with the product of both lengths.
MOST_LINES: Final = 2000


def changed_text(title: str, before: str, after: str) -> Line:
    """The sentence and the lines of a text that changed."""
    return changed_lines(title, before.splitlines(), after.splitlines())


def changed_lines(title: str, before: Sequence[str], after: Sequence[str]) -> Line:
    """The same for texts that are cut into lines already."""
    if len(before) + len(after) > MOST_LINES:
        return Line(f"{title}: changed; {len(after):,} lines now, {len(before):,} before.")
    diff = tuple(_lines(before, after))
    added, removed = (sum(line.sign == sign for line in diff) for sign in "+-")
    if not added and not removed:
        return Line(f"{title}: only the ends of lines changed.")
    return Line(f"{title}: {_count(added, removed)}.", diff)


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[DiffLine]:
    for number, line in enumerate(unified_diff(before, after, n=AROUND, lineterm="")):
        # The first two name the files, which these texts have not.
        if number < 2:  # noqa: PLR2004
            continue
        if line.startswith("@@"):
            if number > 2:  # noqa: PLR2004
                yield DiffLine("…", "")
        else:
            yield DiffLine(line[0], line[1:])  # type: ignore[arg-type]  # "+", "-" or a blank


def _count(added: int, removed: int) -> str:
    parts = [f"{count} line{'s' if count > 1 else ''} {word}" for count, word in _told(added, removed)]
    return ", ".join(parts)


def _told(added: int, removed: int) -> list[tuple[int, str]]:
    return [pair for pair in ((added, "added"), (removed, "removed")) if pair[0]]
