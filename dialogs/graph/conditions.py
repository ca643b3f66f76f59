"""Conditions of transitions, prepared once: each criterion knows its paths and its operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from xoplatform.core.templating import lookup

from .operators import OPERATORS, UNARY
from .paths import context_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xoplatform.core.templating import Path

    from .operators import Operator

SUBJECTS: Final = ("entity", "context", "intent", "confirmation")


class ConditionError(ValueError):
    """What is wrong with a condition, as half a sentence."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One comparison: the value at ``path`` of the context against a fixed one or the one at ``other``."""

    path: Path
    operator: Operator
    value: Any = None
    other: Path | None = None

    def holds(self, context: Mapping[str, Any]) -> bool:
        value = self.value if self.other is None else lookup(self.other, context)
        return self.operator(lookup(self.path, context), value)

    @property
    def paths(self) -> tuple[Path, ...]:
        return (self.path,) if self.other is None else (self.path, self.other)


@dataclass(frozen=True, slots=True)
class Condition:
    """Criteria of which all, or any one, must hold."""

    criteria: tuple[Criterion, ...]
    any: bool = False

    def holds(self, context: Mapping[str, Any]) -> bool:
        for criterion in self.criteria:
            if criterion.holds(context) is self.any:
                return self.any
        return not self.any

    @property
    def paths(self) -> tuple[Path, ...]:
        return tuple(path for criterion in self.criteria for path in criterion.paths)


def read_condition(document: Any, source: str) -> Condition:
    """The condition of a transition that leaves ``source``.

    Raises:
        ConditionError: it is malformed.
        TemplateSyntax: one of its paths is.
    """
    if not isinstance(document, dict) or not isinstance(document.get("criteria"), list) or not document["criteria"]:
        raise ConditionError("a condition needs a list of criteria with at least one")
    if (match := document.get("match", "all")) not in {"all", "any"}:
        raise ConditionError(f"a condition matches “all” or “any” of its criteria, not “{match}”")
    return Condition(tuple(_criterion(entry, source) for entry in document["criteria"]), any=match == "any")


def _criterion(document: Any, source: str) -> Criterion:
    if not isinstance(document, dict):
        raise ConditionError("a criterion has a subject, a key, an operator and a value")
    name = document.get("operator")
    if not isinstance(name, str) or name not in OPERATORS:
        raise ConditionError(f"there is no operator “{name}”, only {', '.join(OPERATORS)}")
    path = _subject_path(document.get("subject"), document.get("key"), source)
    value = document.get("value")
    if name not in UNARY and "value" not in document:
        raise ConditionError(f"the operator “{name}” needs a value")
    if isinstance(value, dict) and set(value) == {"from"}:
        return Criterion(path, OPERATORS[name], other=context_path(str(value["from"])))
    return Criterion(path, OPERATORS[name], value=value)


def _subject_path(subject: Any, key: Any, source: str) -> Path:
    if subject == "intent":
        return ("intent",)
    if subject == "confirmation":
        return ("confirmations", str(key or source))
    if subject not in SUBJECTS:
        raise ConditionError(f"a criterion asks about {', '.join(SUBJECTS)}, not “{subject}”")
    if not isinstance(key, str) or not key:
        raise ConditionError("a criterion needs a key")
    return ("entities", *context_path(key)) if subject == "entity" else context_path(key)
