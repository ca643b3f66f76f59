"""The door for operations: what is not of their form is refused in words before anything is tried."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft202012Validator

from .errors import BadEdit

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

SCHEMA: Final = Path(__file__).parent.parent / "schema" / "edit-1.json"
#: Most operations of one edit: a whole large dialog may be pasted at once.
MOST: Final = 5000
LONGEST_WORDS: Final = 200


@cache
def _validators() -> dict[str, Draft202012Validator]:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    shared = schema["$defs"]
    return {name: Draft202012Validator({**form, "$defs": shared}) for name, form in schema["ops"].items()}


def read_ops(value: Any) -> list[dict[str, Any]]:
    """Operations as `apply` takes them. Raises BadEdit, which says which of them is malformed and how."""
    if not isinstance(value, list) or not value:
        raise BadEdit("it holds no list of operations.")
    if len(value) > MOST:
        raise BadEdit(f"it holds {len(value):,} operations; {MOST:,} are the most.")
    for number, op in enumerate(value):
        _check(number, op)
    return value


def _check(number: int, op: Any) -> None:
    name = op.get("op") if isinstance(op, dict) else None
    validator = _validators().get(name) if isinstance(name, str) else None
    if validator is None:
        raise BadEdit(f"there is no operation {name!r}, only {', '.join(_validators())}.", at=number)
    for error in validator.iter_errors(op):
        raise BadEdit(f"operation {number + 1} ({name}){_where(error)} {_plain(error)}.", at=number)


def _where(error: ValidationError) -> str:
    path = ".".join(map(str, error.absolute_path))
    return f", field “{path}”:" if path else ":"


def _plain(error: ValidationError) -> str:
    if error.validator == "pattern":
        return f"“{error.instance}” is no name; it begins with a letter and holds letters, digits, “_” and “-”"
    words = error.message.replace("'", "")
    return words if len(words) <= LONGEST_WORDS else words[:LONGEST_WORDS] + "…"
