"""A dialog as a drawing without a script: what came, went and changed between two documents, in one picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dialogs.documents.comparison import Comparison

Document = dict[str, Any]
Arrow = tuple[str, str]

#: Sizes of the drawing, in its own units.
WIDTH, HEIGHT, COLUMN, ROW, MARGIN = 176, 44, 236, 64, 16
LONGEST_TITLE: Final = 24


@dataclass(frozen=True)
class Box:
    """A node. ``state`` is "added", "removed", "changed" or "same"."""

    name: str
    title: str
    kind: str
    state: str
    x: int
    y: int


@dataclass(frozen=True)
class Edge:
    """A transition: ``path`` is SVG path data."""

    path: str
    state: str


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    boxes: list[Box]
    edges: list[Edge]


def drawing_of(before: Document, after: Document, comparison: Comparison) -> Drawing:
    """Both documents laid over each other; columns go away from the start."""
    renamed = comparison.renamed
    old = [{**node, "name": renamed.get(node["name"], node["name"])} for node in before.get("nodes", [])]
    nodes = {node["name"]: node for node in (*old, *after.get("nodes", []))}
    gone, come = _arrows(before, renamed), _arrows(after, {})
    arrows = [arrow for arrow in dict.fromkeys((*come, *gone)) if arrow[0] in nodes and arrow[1] in nodes]
    columns = _columns(str(after.get("start") or ""), list(nodes), arrows)
    boxes = _boxes(columns, nodes, comparison.states)
    places = {box.name: box for box in boxes}
    edges = [Edge(_path(places[a], places[b]), _state((a, b), gone, come)) for a, b in arrows]
    width = len(columns) * COLUMN - (COLUMN - WIDTH) + 2 * MARGIN
    height = max((len(column) for column in columns), default=1) * ROW - (ROW - HEIGHT) + 2 * MARGIN
    return Drawing(width, height, boxes, edges)


def _arrows(document: Document, renamed: Mapping[str, str]) -> list[Arrow]:
    """Transitions between nodes, and the way from a bot action to its first node."""
    found = [(row["source"], row.get("target") or "") for row in document.get("transitions", [])]
    for node in document.get("nodes", []):
        first = (node.get("properties") or {}).get("first")
        if node.get("kind") == "bot_action" and isinstance(first, str):
            found.append((node["name"], first))
    return [(renamed.get(source, source), renamed.get(target, target)) for source, target in found]


def _columns(start: str, names: Sequence[str], arrows: Iterable[Arrow]) -> list[list[str]]:
    """Nodes by their distance from the start; what nothing leads to stands in the first column, below."""
    following: dict[str, list[str]] = {}
    for source, target in arrows:
        following.setdefault(source, []).append(target)
    columns: list[list[str]] = []
    seen: set[str] = set()
    level = [start] if start in names else []
    while level:
        columns.append(level)
        seen.update(level)
        reached = dict.fromkeys(target for name in level for target in following.get(name, []))
        level = [name for name in reached if name not in seen]
    if lonely := [name for name in names if name not in seen]:
        columns = columns or [[]]
        columns[0] += lonely
    return columns


def _boxes(columns: list[list[str]], nodes: Mapping[str, Any], states: Mapping[str, str]) -> list[Box]:
    return [
        Box(
            name=name,
            title=_cut(nodes[name].get("title") or name),
            kind=str(nodes[name].get("kind", "")).replace("_", " "),
            state=states.get(name, "same"),
            x=MARGIN + place * COLUMN,
            y=MARGIN + row * ROW,
        )
        for place, column in enumerate(columns)
        for row, name in enumerate(column)
    ]


def _cut(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"


def _path(start: Box, end: Box) -> str:
    x1, y1, x2, y2 = start.x + WIDTH, start.y + HEIGHT // 2, end.x, end.y + HEIGHT // 2
    reach = max(30, abs(x2 - x1) // 2)
    return f"M{x1} {y1} C{x1 + reach} {y1} {x2 - reach} {y2} {x2} {y2}"


def _state(arrow: Arrow, gone: list[Arrow], come: list[Arrow]) -> str:
    if arrow not in come:
        return "removed"
    return "same" if arrow in gone else "added"
