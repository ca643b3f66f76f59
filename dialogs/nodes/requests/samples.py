"""Answers that were kept with a service node. They feed suggestions of variables and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from dialogs.nodes.fields import FieldError, Spec

MOST: Final = 20
#: Characters of all samples of a node together, as JSON: they travel with every version of the task.
MOST_CHARACTERS: Final = 64_000
KEYS: Final = frozenset({"title", "status", "body"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples(Spec):
    """A list of {title, status, body}; what stands in them is never filled in."""

    json_type: ClassVar[str] = "array"

    def read(self, value: Any) -> tuple[dict[str, Any], ...]:
        if not isinstance(value, list) or not all(isinstance(entry, dict) and "body" in entry for entry in value):
            raise FieldError("must be a list of answers, each with a body")
        if unknown := {str(key) for entry in value for key in entry} - KEYS:
            raise FieldError(f"holds “{min(unknown)}”; an answer has title, status and body")
        if any(not isinstance(entry.get("status", 200), int) for entry in value):
            raise FieldError("has an answer whose status is no number")
        if len(value) > MOST or len(json.dumps(value, default=str)) > MOST_CHARACTERS:
            raise FieldError(f"may hold {MOST} answers of {MOST_CHARACTERS // 1000} kB together at most")
        return tuple(value)

    def schema(self) -> dict[str, Any]:
        properties = {
            "title": {"type": "string", "title": "Title"},
            "status": {"type": "integer", "title": "Status"},
            "body": {"title": "Body"},
        }
        item = {"type": "object", "required": ["body"], "properties": properties, "additionalProperties": False}
        return Spec.schema(self) | {"format": "samples", "items": item}
