"""The arrows that leave a node, as the list that authors order: if, else if, else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .conditions import condition_words
from .model import Line
from .texts import changed_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ENDS: Final = {"@end": "the end of the dialog", "@end_of_action": "the end of the bot action", "": "nowhere"}


@dataclass(frozen=True, slots=True)
class Way:
    """One arrow in words; ``when`` is "else" for the one without a condition."""

    when: str
    target: str
    label: str

    @property
    def words(self) -> str:
        return f"{self.when} → {ENDS.get(self.target, self.target)}{f' (“{self.label}”)' if self.label else ''}"


def ways_by_source(document: Mapping[str, Any]) -> dict[str, list[Way]]:
    """The arrows of a document in words, by the node they leave."""
    found: dict[str, list[Way]] = {}
    for entry in document.get("transitions") or []:
        condition = entry.get("condition")
        when = "else" if condition is None else f"if {condition_words(condition)}"
        way = Way(when, str(entry.get("target") or ""), str(entry.get("label") or ""))
        found.setdefault(str(entry["source"]), []).append(way)
    return found


def changed_ways(before: Sequence[Way], after: Sequence[Way]) -> Iterator[Line]:
    """One sentence for each arrow that came, went, or leads elsewhere, and one where their order changed."""
    if list(before) == list(after):
        return
    gone, come = _without(before, after), _without(after, before)
    for way in come:
        same = next((other for other in gone if other.when == way.when), None)
        if same is None:
            yield Line(f"Transition added: {way.words}.")
        else:
            gone.remove(same)
            yield Line(_redirected(same, way))
    for way in gone:
        yield Line(f"Transition removed: {way.words}.")
    if _order(before, after) != _order(after, before):
        spoken = [[way.words for way in ways] for ways in (before, after)]
        yield Line("The order of the transitions changed.", changed_lines("", *spoken).diff)


def _redirected(before: Way, after: Way) -> str:
    if before.target == after.target:
        return f"Transition “{after.when}”: now labelled “{after.label}”, was “{before.label}”."
    old, new = (ENDS.get(way.target, way.target) for way in (before, after))
    return f"Transition “{after.when}”: now leads to {new}, was {old}."


def _without(ways: Sequence[Way], others: Sequence[Way]) -> list[Way]:
    left = list(others)
    found = []
    for way in ways:
        if way in left:
            left.remove(way)
        else:
            found.append(way)
    return found


def _order(ways: Sequence[Way], others: Sequence[Way]) -> list[str]:
    """The conditions that both lists have, in the first one's order."""
    common = {way.when for way in others}
    return [way.when for way in ways if way.when in common]
