"""Where texts, scripts and conditions speak of a node: as `context.name`, `context.entities.name` and the like."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from dialogs.nodes.fields import NodeName, Script, specs_of
from dialogs.nodes.registry import KINDS
from xoplatform.core.templating import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogs.nodes.fields import Spec

    from .draft import Entry

#: The steps from the context to what a node fills, its name last: ("entities", "summary"), ("createIssue",).
Place = tuple[str, ...]
#: What to put in place of a name that is mentioned at a place, or None to leave it.
Chooser = Callable[[Place], str | None]

#: Parts of the context whose keys are names of nodes.
SHELVES: Final = ("entities", "confirmations")
STEP: Final = r"""(?:\s*\??\.\s*[^\W\d][\w$]*|\s*(?:\?\.)?\[\s*(?:"[^"\]]+"|'[^'\]]+'|`[^`\]]+`)\s*\])"""
#: Names in templates may have a hyphen, which is a minus in scripts.
TEMPLATE_STEP: Final = STEP.replace(r"[\w$]*", r"[\w$-]*")
#: Longer texts are looked through each time instead of being remembered.
LONGEST_KEPT: Final = 4000


class Grammar(NamedTuple):
    """How a mention looks, and a step of it."""

    mention: re.Pattern[str]
    step: re.Pattern[str]


def _grammar(step: str) -> Grammar:
    mention = rf"(?<![\w$.])(context|entities|confirmations)({step}{{1,2}})"
    return Grammar(re.compile(mention), re.compile(step))


SCRIPT: Final = _grammar(STEP)
TEMPLATE: Final = _grammar(TEMPLATE_STEP)
NAME: Final = re.compile(r"[^\W\d][\w$-]*|(?<=[\"'`])[^\"'`]+(?=[\"'`])")
#: A text that is a path and nothing else.
PATH: Final = re.compile(rf"\s*context(?:{TEMPLATE_STEP}|\[\d+\])+\s*")


def places_of(name: str, kind: str) -> frozenset[Place]:
    """Where a node of a kind leaves its results."""
    if kind == "entity":
        return frozenset({("entities", name)})
    if kind == "confirmation":
        return frozenset({("confirmations", name)})
    return frozenset({(name,)})


def in_script(code: str, choose: Chooser) -> str:
    """A script in which names are replaced as ``choose`` says, which is asked once for each mention."""
    return _chosen(code, SCRIPT, choose)


def in_text(text: str, choose: Chooser) -> str:
    """The same for a template: only what stands in double braces, or all of a text that is nothing but a path."""
    if "{{" in text:
        return PLACEHOLDER.sub(lambda match: "{{" + _chosen(match[1], TEMPLATE, choose) + "}}", text)
    return in_path(text, choose) if "context" in text and PATH.fullmatch(text) else text


def in_path(text: str, choose: Chooser, root: str = "context") -> str:
    """The same for a path, which may leave out ``root``."""
    if re.match(rf"\s*{root}\s*[.\[?]", text):
        return _chosen(text, TEMPLATE, choose)
    return _chosen(f"{root}.{text}", TEMPLATE, choose).removeprefix(f"{root}.")


def _chosen(text: str, grammar: Grammar, choose: Chooser) -> str:
    found = _places_in(text, grammar) if len(text) > LONGEST_KEPT else _kept_places_in(text, grammar)
    chosen = [choose(place) for place in found]
    if not any(chosen):
        return text
    names = iter(chosen)
    return grammar.mention.sub(lambda match: _replaced(match, grammar, next(names)), text)


def _places_in(text: str, grammar: Grammar) -> tuple[Place, ...]:
    return tuple(_place(match, grammar)[0] for match in grammar.mention.finditer(text))


_kept_places_in = lru_cache(maxsize=8192)(_places_in)


def _place(match: re.Match[str], grammar: Grammar) -> tuple[Place, int]:
    """What a mention means, and which of its steps is the name."""
    root, names = match[1], [_name(step) for step in grammar.step.findall(match[2])]
    if root != "context":
        return (root, names[0]), 0
    return ((names[0], names[1]), 1) if len(names) > 1 and names[0] in SHELVES else ((names[0],), 0)


def _replaced(match: re.Match[str], grammar: Grammar, new: str | None) -> str:
    if new is None:
        return match[0]
    place, index = _place(match, grammar)
    steps = grammar.step.findall(match[2])
    steps[index] = _step(steps[index], place[-1], new, hyphens=grammar is TEMPLATE)
    return match[1] + "".join(steps)


def _name(step: str) -> str:
    found = NAME.search(step)
    return found[0] if found else ""


def _step(step: str, old: str, new: str, *, hyphens: bool) -> str:
    if "[" in step or hyphens or "-" not in new:
        return step.replace(old, new, 1)
    # In a script a name with a hyphen cannot stand behind a dot.
    return ("?." if "?." in step else "") + f'["{new}"]'


def in_properties(node: Entry, choose: Chooser) -> Entry:
    """A node's properties with the names in its texts and scripts replaced."""
    specs = specs_of(KINDS[node["kind"]]) if node["kind"] in KINDS else {}
    return {key: _in_value(value, specs.get(key), choose) for key, value in node["properties"].items()}


def _in_value(value: Any, spec: Spec | None, choose: Chooser) -> Any:
    if isinstance(value, str):
        if isinstance(spec, Script):
            return in_script(value, choose)
        return value if isinstance(spec, NodeName) else in_text(value, choose)
    if isinstance(value, list):
        return [_in_value(entry, spec, choose) for entry in value]
    if isinstance(value, dict):
        if isinstance(value.get("criteria"), list):
            return in_condition(value, choose)
        if isinstance(value.get("key"), str) and "value" in value:
            value = value | {"key": in_path(value["key"], choose)}
        return {key: entry if key == "key" else _in_value(entry, spec, choose) for key, entry in value.items()}
    return value


def in_condition(condition: Any, choose: Chooser) -> Any:
    """A condition with its groups and criteria."""
    if not isinstance(condition, dict):
        return condition
    if isinstance(condition.get("criteria"), list):
        return condition | {"criteria": [in_condition(entry, choose) for entry in condition["criteria"]]}
    return _in_criterion(condition, choose)


def _in_criterion(criterion: Entry, choose: Chooser) -> Entry:
    key, value = criterion.get("key"), criterion.get("value")
    changed: Entry = {}
    if isinstance(key, str) and key:
        if criterion.get("subject") == "entity":
            changed["key"] = in_path(key, choose, root="entities")
        elif criterion.get("subject") == "confirmation":
            changed["key"] = choose(("confirmations", key)) or key
        elif criterion.get("subject") == "context":
            changed["key"] = in_path(key, choose)
    if isinstance(value, dict) and isinstance(value.get("from"), str):
        changed["value"] = value | {"from": in_path(value["from"], choose)}
    return criterion | changed


def targets_in(node: Entry) -> Iterator[str]:
    """The properties of a node that name a node."""
    if node["kind"] in KINDS:
        for key, spec in specs_of(KINDS[node["kind"]]).items():
            if isinstance(spec, NodeName) and isinstance(node["properties"].get(key), str):
                yield key


def counted(choose: Mapping[Place, str]) -> tuple[Chooser, Counter[Place]]:
    """A chooser by a table, and the count of what it has chosen."""
    seen: Counter[Place] = Counter()

    def pick(place: Place) -> str | None:
        new = choose.get(place)
        if new is not None:
            seen[place] += 1
        return new

    return pick, seen
