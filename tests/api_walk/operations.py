"""Every operation that the API's description tells of, with the view that answers it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator

from xoplatform.rest.access import Access

if TYPE_CHECKING:
    from collections.abc import Iterator

METHODS = ("get", "post", "put", "patch", "delete")
PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Operation:
    """``path`` is the description's, such as ``/api/v1/apps/{app}/keys/{key}/``."""

    name: str
    method: str
    path: str
    #: None for what belongs to no App: whoever is signed in may call it.
    access: Access | None
    is_list: bool

    @property
    def places(self) -> list[str]:
        """Each parameter below the App with the part before it, such as ``keys/{key}``: what names an object."""
        parts = [part for part in self.path.split("/") if part]
        return [
            f"{parts[at - 1]}/{part}" for at, part in enumerate(parts) if PARAMETER.fullmatch(part) and part != "{app}"
        ]

    @property
    def is_of_an_app(self) -> bool:
        return self.access is not None


@cache
def operations() -> tuple[Operation, ...]:
    """All of them, in the description's order."""
    description: Any = SchemaGenerator().get_schema(request=None, public=True)
    views = _views()
    return tuple(
        Operation(told["operationId"], method.upper(), path, _access(views[path]), _is_list(told, description))
        for path, item in description["paths"].items()
        for method, told in item.items()
        if method in METHODS
    )


def _access(view: Any) -> Access | None:
    found = getattr(view, "access", None)
    assert found is None or isinstance(found, Access), f"{view} does not declare its access"
    return found


def _views() -> dict[str, Any]:
    return {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route): view for route, view in _routes(get_resolver().url_patterns, "/")
    }


def _routes(patterns: Any, before: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern.url_patterns, route)
        elif view := getattr(pattern.callback, "cls", None):
            yield route, view


def _is_list(told: dict[str, Any], description: dict[str, Any]) -> bool:
    """Whether it answers in the envelope of lists."""
    for content in told["responses"].get("200", {}).get("content", {}).values():
        schema = content["schema"]
        if reference := schema.get("$ref"):
            schema = description["components"]["schemas"][reference.rsplit("/", 1)[1]]
        if {"items", "next", "previous"} <= set(schema.get("properties", {})):
            return True
    return False
