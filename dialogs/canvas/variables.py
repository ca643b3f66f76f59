"""What can stand in the context at a node, for completion in templates, scripts and conditions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from dialogs.documents.editing.mentions import places_of
from dialogs.engine.compile import examine
from dialogs.engine.variables import FILLING, RESPONSE_KEYS
from dialogs.graph.paths import SCOPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogs.engine.compile import Compilation
    from dialogs.nodes.base import NodeKind

Variable = dict[str, Any]

#: What every dialog has.
ALWAYS: Final = ("intent", "history", "userInputs")
SET_BY_SCRIPT: Final = re.compile(r"\bcontext\s*\.\s*([A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*)\s*=[^=]")
#: Kinds whose nodes leave a response.
RESPONDING: Final = ("service", "webhook")
#: How far into sample responses one looks, and how many of their paths are offered.
DEEPEST: Final = 5
MOST_OF_SAMPLE: Final = 100


def variables(document: Mapping[str, Any], node: str | None = None) -> list[Variable]:
    """Paths of the context with who fills them; for a ``node``, ``before`` says whether that lies on a way to it."""
    examined = examine(document)
    earlier = _before(examined, node) if node is not None else None
    found: dict[str, Variable] = {}
    for path, kind, owner in _all(document, examined):
        entry: Variable = {"path": path, "kind": kind, "node": owner}
        if earlier is not None:
            entry["before"] = not owner or owner in earlier
        found.setdefault(path, entry)
    return list(found.values())


def _all(document: Mapping[str, Any], examined: Compilation) -> Iterator[tuple[str, str, str]]:
    for entry in document.get("nodes", []):
        name, kind = entry["name"], entry["kind"]
        prepared = examined.nodes.get(name)
        for path in _filled(name, kind, prepared):
            yield path, kind, name
        for path in _sampled(name, entry.get("properties") or {}):
            yield path, kind, name
    for name in ALWAYS:
        yield f"context.{name}", "platform", ""
    for scope in SCOPES:
        yield f"context.{scope}", "session", ""


def _filled(name: str, kind: str, prepared: NodeKind | None) -> Iterator[str]:
    for path in _unread(name, kind) if prepared is None else prepared.assigns():
        yield _spoken(path)
        if path[1:] == ("response",):
            yield from (_spoken((*path, key)) for key in RESPONSE_KEYS)
    if prepared is not None and kind in FILLING:
        for _, code in prepared.scripts():
            for match in SET_BY_SCRIPT.finditer(code):
                yield "context." + re.sub(r"\s", "", match[1])


def _unread(name: str, kind: str) -> Iterator[tuple[str, ...]]:
    """What a node that is not finished yet will fill, as others of its kind do."""
    yield from (place for place in places_of(name, kind) if len(place) > 1)
    if kind in RESPONDING:
        yield (name, "response")


def _sampled(name: str, properties: Mapping[str, Any]) -> Iterator[str]:
    samples = properties.get("samples")
    count = 0
    for sample in samples if isinstance(samples, list) else ():
        body = sample.get("body") if isinstance(sample, dict) else None
        for path in _inside(body, (name, "response", "body")):
            count += 1
            if count > MOST_OF_SAMPLE:
                return
            yield _spoken(path)


def _inside(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if len(path) > DEEPEST + 3:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from _inside(inner, (*path, key))
    elif isinstance(value, list) and value:
        yield (*path, 0)
        yield from _inside(value[0], (*path, 0))


def _spoken(path: tuple[str | int, ...]) -> str:
    return "context" + "".join(_step(step) for step in path)


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if re.fullmatch(r"[^\W\d][\w$]*", step) else f'["{step}"]'


def _before(examined: Compilation, node: str) -> set[str]:
    """The nodes from which one can come to ``node``, over transitions, properties and the borders of containers."""
    sources: dict[str, set[str]] = {}
    for source, target in _steps(examined):
        sources.setdefault(target, set()).add(source)
    seen: set[str] = set()
    ahead = [node]
    while ahead:
        for source in sources.get(ahead.pop(), ()):
            if source not in seen:
                seen.add(source)
                ahead.append(source)
    return seen


def _steps(examined: Compilation) -> Iterator[tuple[str, str]]:
    for source, arrows in examined.graph.transitions.items():
        yield from ((source, arrow.target) for arrow in arrows if arrow.target)
    for name, prepared in examined.nodes.items():
        yield from ((name, target) for _, target in prepared.targets())
    # One comes out of a container from whichever inner node.
    yield from ((name, entry.parent) for name, entry in examined.graph.nodes.items() if entry.parent)
