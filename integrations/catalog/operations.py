"""One call of a provider's API, described as data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jsonschema import Draft202012Validator

from .reading import read
from .reconcile import Reconcile, read_reconcile

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA = Path(__file__).parent / "schemas" / "operation.yaml"

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
    granular_scopes: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    body: dict[str, Any] | None = None
    body_required: bool = False
    timeout: float = 20.0
    reconcile: Reconcile | None = None

    @property
    def parameters_schema(self) -> dict[str, Any]:
        """JSON Schema of the parameters as one object that allows nothing else."""
        return {
            "type": "object",
            "properties": {p.name: p.schema for p in self.parameters},
            "required": [p.name for p in self.parameters if p.required],
            "additionalProperties": False,
        }

    @cached_property
    def parameters_validator(self) -> Draft202012Validator:
        return Draft202012Validator(self.parameters_schema)

    @cached_property
    def body_validator(self) -> Draft202012Validator:
        return Draft202012Validator(self.body or {})

    def missing_scopes(self, granted: Iterable[str]) -> list[str]:
        """Scopes that this operation needs and the grant lacks, in order. Nothing is missing if nothing is known."""
        held = set(granted)
        if not held or (self.granular_scopes and held.issuperset(self.granular_scopes)):
            return []
        return [scope for scope in self.scopes if scope not in held]


def load_operation(path: Path) -> Operation:
    """The operation in this file. Raises CatalogInvalid."""
    raw = read(path, SCHEMA)
    body = raw.pop("body", {})
    parameters = tuple(
        Parameter(name, p["in"], p.get("required", p["in"] == "path"), p["schema"])
        for name, p in raw.pop("parameters", {}).items()
    )
    for name in ("scopes", "granular_scopes"):
        raw[name] = tuple(raw.get(name, ()))
    looked_for = raw.pop("reconcile", None)
    return Operation(
        **raw,
        parameters=parameters,
        body=body.get("schema"),
        body_required=bool(body.get("required")),
        reconcile=read_reconcile(looked_for) if looked_for else None,
    )
