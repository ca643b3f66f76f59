"""How often the nodes of a draft are spoken of: what a change of one of them concerns."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from .mentions import in_condition, in_properties, places_of, targets_in

if TYPE_CHECKING:
    from .draft import Draft
    from .mentions import Chooser, Place


def uses_of(draft: Draft) -> dict[str, int]:
    """How often each node is led to, named in a property, or mentioned by others; none where never."""
    found: Counter[str] = Counter()
    owners = {place: name for name, node in draft.nodes.items() for place in places_of(name, node["kind"])}
    for name, node in draft.nodes.items():
        in_properties(node, _counter(name, owners, found))
        found.update(node["properties"][key] for key in targets_in(node) if node["properties"][key] in draft.nodes)
    for source, ways in draft.ways.items():
        for way in ways:
            in_condition(way["condition"], _counter(source, owners, found))
            if way["target"] in draft.nodes:
                found[way["target"]] += 1
    return dict(found)


def _counter(speaker: str, owners: dict[Place, str], found: Counter[str]) -> Chooser:
    def listen(place: Place) -> str | None:
        owner = owners.get(place)
        if owner is not None and owner != speaker:
            found[owner] += 1
        return None

    return listen
