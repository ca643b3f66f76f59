"""Conditions of transitions, prepared once: each criterion knows its paths and its operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from xoplatform.core.templating import lookup

from .operators import OPERATORS, UNARY, contains, not_contains
from .paths import context_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xoplatform.core.templating import Path

    from .operators import Operator

#: Where the intents stand that the person's last words ask for, by name.
FOLLOWUPS: Final = ("FollowupIntents",)
#: Most groups inside each other.
DEEPEST: Final = 8
SUBJECTS: Final = ("entity", "context", "intent", "confirmation")


#: What was said may ask for several intents: equal is one that is among them.
AMONG: Final[Mapping[str, Operator]] = {
    "equals": contains,
    "not_equals": not_contains,
    "exists": lambda said, _value: isinstance(said, list) and bool(said),
    "not_exists": lambda said, _value: not (isinstance(said, list) and said),
}


class ConditionError(ValueError):
    """What is wrong with a condition, as half a sentence."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One comparison: the value at ``path`` of the context against a fixed one or the one at ``other``."""

    path: Path
    operator: Operator
    value: Any = None
    other: Path | None = None
    #: The operator as documents name it.
    name: str = ""

    def holds(self, context: Mapping[str, Any]) -> bool:
        value = self.value if self.other is None else lookup(self.other, context)
        return self.operator(lookup(self.path, context), value)

    @property
    def paths(self) -> tuple[Path, ...]:
        return (self.path,) if self.other is None else (self.path, self.other)


@dataclass(frozen=True, slots=True)
class Condition:
    """Criteria and groups of them, of which all, or any one, must hold."""

    criteria: tuple[Criterion | Condition, ...]
    any: bool = False

    def holds(self, context: Mapping[str, Any]) -> bool:
        for criterion in self.criteria:
            if criterion.holds(context) is self.any:
                return self.any
        return not self.any

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(path for criterion in self.criteria for path in criterion.paths)

    @property
    def comparisons(self) -> Iterator[Criterion]:
        """The criteria of this and of all groups in it."""
        for entry in self.criteria:
            if isinstance(entry, Condition):
                yield from entry.comparisons
            else:
                yield entry


def read_condition(document: Any, source: str, depth: int = 1) -> Condition:
    """The condition of a transition that leaves ``source``. A criterion may be a group: a condition of its own.

    Raises:
        ConditionError: it is malformed.
        TemplateSyntax: one of its paths is.
    """
    if not isinstance(document, dict) or not isinstance(document.get("criteria"), list) or not document["criteria"]:
        raise ConditionError("a condition needs a list of criteria with at least one")
    if (match := document.get("match", "all")) not in {"all", "any"}:
        raise ConditionError(f"a condition matches “all” or “any” of its criteria, not “{match}”")
    if depth > DEEPEST:
        raise ConditionError(f"groups stand inside each other more than {DEEPEST} deep")
    criteria = (
        read_condition(entry, source, depth + 1) if _is_group(entry) else _criterion(entry, source)
        for entry in document["criteria"]
    )
    return Condition(tuple(criteria), any=match == "any")


def _is_group(entry: Any) -> bool:
    return isinstance(entry, dict) and "criteria" in entry


def _criterion(document: Any, source: str) -> Criterion:
    if not isinstance(document, dict):
        raise ConditionError("a criterion has a subject, a key, an operator and a value")
    name = document.get("operator")
    if not isinstance(name, str) or name not in OPERATORS:
        raise ConditionError(f"there is no operator “{name}”, only {', '.join(OPERATORS)}")
    path = _subject_path(document.get("subject"), document.get("key"), source)
    value = document.get("value")
    operator = AMONG.get(name, OPERATORS[name]) if path == FOLLOWUPS else OPERATORS[name]
    if name not in UNARY and "value" not in document:
        raise ConditionError(f"the operator “{name}” needs a value")
    if isinstance(value, dict) and set(value) == {"from"}:
        return Criterion(path, operator, other=context_path(str(value["from"])), name=name)
    return Criterion(path, operator, value=value, name=name)


def _subject_path(subject: Any, key: Any, source: str) -> Path:
    if subject == "intent":
        return FOLLOWUPS if key in {FOLLOWUPS[0], f"context.{FOLLOWUPS[0]}"} else ("intent",)
    if subject == "confirmation":
        return ("confirmations", str(key or source))
    if subject not in SUBJECTS:
        raise ConditionError(f"a criterion asks about {', '.join(SUBJECTS)}, not “{subject}”")
    if not isinstance(key, str) or not key:
        raise ConditionError("a criterion needs a key")
    return ("entities", *context_path(key)) if subject == "entity" else context_path(key)
