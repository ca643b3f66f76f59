"""Conditions as a person would say them: "if status of getIssue is 404". The canvas says them in the same words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

VERBS: Final = {
    "exists": "is known",
    "not_exists": "is not known",
    "equals": "is",
    "not_equals": "is not",
    "gt": "is more than",
    "gte": "is at least",
    "lt": "is less than",
    "lte": "is at most",
    "contains": "contains",
}
UNARY: Final = frozenset({"exists", "not_exists"})
RESPONSE: Final = re.compile(r"^(?:context\.)?([^.]+)\.response\.(statusCode|outcome)$")


def condition_words(condition: Any) -> str:
    """The condition after "if"; groups within it stand in brackets."""
    if not isinstance(condition, dict):
        return str(condition)
    joint = " or " if condition.get("match") == "any" else " and "
    return joint.join(_one(entry) for entry in condition.get("criteria") or [])


def _one(entry: Any) -> str:
    if not isinstance(entry, dict):
        return str(entry)
    if "criteria" in entry:
        return f"({condition_words(entry)})"
    return f"{_subject(entry)} {_predicate(entry)}"


def _subject(criterion: Mapping[str, Any]) -> str:
    key, subject = str(criterion.get("key") or ""), criterion.get("subject")
    if subject == "confirmation":
        return f"the answer to {key}" if key else "the answer"
    if subject == "intent":
        return key or "what was asked for"
    if match := RESPONSE.match(key):
        return f"{'status' if match[2] == 'statusCode' else 'outcome'} of {match[1]}"
    return key.removeprefix("context.").removeprefix("entities.")


def _predicate(criterion: Mapping[str, Any]) -> str:
    operator = str(criterion.get("operator"))
    verb = VERBS.get(operator, operator)
    return verb if operator in UNARY else f"{verb} {_value(criterion.get('value'))}"


def _value(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_value, value))
    if isinstance(value, dict) and set(value) == {"from"}:
        return str(value["from"]).removeprefix("context.")
    return str(value)
