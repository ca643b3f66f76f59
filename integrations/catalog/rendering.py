"""Puts values into an operation's request as data, so that nothing a person types changes the request's shape."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from integrations.errors import ParameterInvalid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .operations import JSON, Operation

PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Rendered:
    """``path`` and ``query`` are percent-encoded; ``body`` is to be sent as JSON."""

    method: str
    path: str
    query: str
    body: JSON

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


def render(operation: Operation, parameters: Mapping[str, Any], body: JSON, *, provider: str) -> Rendered:
    """The request. Values left ``None``, in the body's first level too, count as not given where null is not allowed.

    Raises ParameterInvalid.
    """
    body = _given(body, operation.body)
    values = {name: value for name, value in parameters.items() if value is not None}
    for parameter in operation.parameters:
        if parameter.name in values:
            values[parameter.name] = _typed(values[parameter.name], parameter.schema.get("type"))

    def refuse(problem: str) -> ParameterInvalid:
        return ParameterInvalid(operation=operation.title, provider=provider, problem=problem)

    fault = next(operation.parameters_validator.iter_errors(values), None)
    if fault is None and operation.body is not None and (body is not None or operation.body_required):
        fault = next(operation.body_validator.iter_errors(body), None)
    if fault is not None:
        raise refuse(_words(fault.json_path, fault.message))
    if body is not None and operation.body is None:
        raise refuse("it takes no body")

    def fill(match: re.Match[str]) -> str:
        text = _text(values[match[1]])
        if text in ("", ".", ".."):  # these would climb to another address
            raise refuse(f"{match[1]} is empty or not a name")
        return quote(text, safe="", errors="replace")

    path = PLACE.sub(fill, operation.path)
    query = {p.name: values[p.name] for p in operation.parameters if p.location == "query" and p.name in values}
    return Rendered(operation.method, path, _query(query), body)


def _given(body: JSON, schema: Mapping[str, Any] | None) -> JSON:
    if not isinstance(body, dict) or schema is None:
        return body
    known = schema.get("properties", {})
    return {k: v for k, v in body.items() if v is not None or "null" in known.get(k, {}).get("type", "null")}


def _words(where: str, message: str) -> str:
    place = where.removeprefix("$").removeprefix(".")
    return f"{place}: {message}" if place else message


def _typed(value: Any, kind: Any) -> Any:
    """A text as the number or truth value that the schema wants; people and templates give texts."""
    if not isinstance(value, str):
        return str(value) if kind == "string" and isinstance(value, int) and not isinstance(value, bool) else value
    if kind == "integer" and re.fullmatch(r"-?\d{1,18}", value.strip()):
        return int(value)
    if kind == "boolean" and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    return [value] if kind == "array" else value


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _query(values: Mapping[str, Any]) -> str:
    pairs = [
        (name, _text(item))
        for name, value in values.items()
        for item in (value if isinstance(value, list) else [value])
    ]
    return urlencode(pairs, quote_via=quote, errors="replace")
