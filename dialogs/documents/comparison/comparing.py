"""Two documents, node by node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .model import Change, Comparison, Line
from .properties import changed_properties, changed_settings, changed_value
from .transitions import Way, changed_ways, ways_by_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Document = Mapping[str, Any]


def compare(before: Document, after: Document) -> Comparison:
    """What has to be said of ``after`` to somebody who knows ``before``. Places on the canvas do not count."""
    old, new = _by_name(before), _by_name(after)
    renamed = _renamed(old, new)
    earlier = {renamed.get(name, name): entry for name, entry in old.items()}
    ways = {renamed.get(source, source): _follow(found, renamed) for source, found in ways_by_source(before).items()}
    later = ways_by_source(after)
    was = {name: old_name for old_name, name in renamed.items()}
    changes: list[Change] = []
    for name, entry in new.items():
        lines = tuple(_changed(earlier.get(name), entry, ways.get(name, []), later.get(name, []), was.get(name)))
        if name not in earlier:
            changes.append(_change(entry, "added", lines))
        elif lines:
            changes.append(_change(entry, "changed", lines))
    changes += [_change(entry, "removed", ()) for name, entry in earlier.items() if name not in new]
    return Comparison(tuple(_head(before, after, renamed)), tuple(changes), renamed)


def _by_name(document: Document) -> dict[str, Any]:
    return {str(entry["name"]): entry for entry in document.get("nodes") or []}


def _change(entry: Mapping[str, Any], state: Any, lines: tuple[Line, ...]) -> Change:
    return Change(str(entry["name"]), str(entry.get("title") or ""), str(entry.get("kind") or ""), state, lines)


def _changed(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], ways: list[Way], later: list[Way], was: str | None
) -> Iterator[Line]:
    if before is None:
        before = {"kind": after.get("kind"), "parent": after.get("parent"), "title": after.get("title")}
    if was:
        yield Line(f"Named {after['name']}; was {was}.")
    for key, title in (("title", "Title"), ("kind", "Kind"), ("parent", "Bot action that holds it")):
        yield from changed_value(title, before.get(key) or None, after.get(key) or None)
    yield from changed_properties(
        str(after.get("kind") or ""), before.get("properties") or {}, after.get("properties") or {}
    )
    yield from changed_ways(ways, later)


def _follow(ways: list[Way], renamed: Mapping[str, str]) -> list[Way]:
    return [Way(way.when, renamed.get(way.target, way.target), way.label) for way in ways]


def _renamed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, str]:
    """Nodes that went under one name and came, with the same properties and alone in that, under another."""
    gone = _by_content({name: entry for name, entry in old.items() if name not in new})
    come = _by_content({name: entry for name, entry in new.items() if name not in old})
    pairs = ((names, come.get(content, [])) for content, names in gone.items())
    return {names[0]: others[0] for names, others in pairs if len(names) == len(others) == 1}


def _by_content(entries: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, entry in entries.items():
        found.setdefault(repr((entry.get("kind"), entry.get("properties") or {})), []).append(name)
    return found


def _head(before: Document, after: Document, renamed: Mapping[str, str]) -> Iterator[Line]:
    for key, title in (("title", "Title of the task"), ("description", "Description")):
        yield from changed_value(title, before.get(key) or None, after.get(key) or None)
    start = str(before.get("start") or "")
    yield from changed_value("Start", renamed.get(start, start) or None, after.get("start") or None)
    yield from changed_settings(before.get("settings") or {}, after.get("settings") or {})
    known = {"settings", "format", "name", "template", "title", "description", "start", "nodes", "transitions", "notes"}
    for key in {**before, **after}:
        if key not in known:
            old, new = before.get(key) or None, after.get(key) or None
            yield from changed_value(key.replace("_", " ").capitalize(), old, new)
