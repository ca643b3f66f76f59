"""One call of a provider's API, described as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

JSON = dict[str, Any] | list[Any] | str | int | float | bool | None
#: Where an operation's path begins: at the chosen site, or at the provider's platform.
Base = Literal["site", "platform"]


@dataclass(frozen=True)
class Parameter:
    """A value that goes into the address: a part of the path or of the query."""

    name: str
    location: Literal["path", "query"]
    required: bool
    schema: dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """What is needed to make, check and explain a call. ``idempotent`` says whether it may be repeated blindly."""

    name: str
    title: str
    method: str
    path: str
    base: Base = "site"
    description: str = ""
    idempotent: bool = False
    scopes: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: dict[str, Any] | None = None
    body_required: bool = False
    timeout: float = 20.0
    samples: dict[str, Any] = field(default_factory=dict)

    @property
    def parameters_schema(self) -> dict[str, Any]:
        """JSON Schema of the parameters as one object that allows nothing else."""
        return {
            "type": "object",
            "properties": {p.name: p.schema for p in self.parameters},
            "required": [p.name for p in self.parameters if p.required],
            "additionalProperties": False,
        }
