from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from dialogs.graph.conditions import ConditionError, read_condition
from dialogs.graph.paths import PLATFORM_ONLY, context_path
from dialogs.nodes.base import NodeKind
from dialogs.nodes.fields import FieldError, Spec, declare
from dialogs.nodes.steps import Proceed
from xoplatform.core.templating import Template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dialogs.graph.conditions import Condition
    from dialogs.nodes.base import View
    from dialogs.nodes.steps import Step
    from xoplatform.core.templating import Path


Assignment = tuple["Path", Template]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignments(Spec):
    """Keys of the context with the values they get."""

    json_type: ClassVar[str] = "array"
    #: What a row may hold.
    keys: ClassVar[tuple[str, ...]] = ("key", "value")

    def read(self, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or not all(isinstance(row, dict) and row.get("key") for row in value):
            raise FieldError("must be a list of keys with values")
        if unknown := {str(name) for row in value for name in row} - {*self.keys}:
            raise FieldError(f"has “{min(unknown)}”; a row has {', '.join(self.keys)}")
        return tuple(self.row(row) for row in value)

    def row(self, row: dict[str, Any]) -> Any:
        """One assignment. Raises FieldError or TemplateSyntax."""
        return (_writable(str(row["key"])), Template(row.get("value")))

    def schema(self) -> dict[str, Any]:
        item = {
            "type": "object",
            "required": ["key"],
            "properties": {"key": {"type": "string", "title": "Key"}, "value": {"title": "Value"}},
        }
        return Spec.schema(self) | {"items": item}

    def templates(self, value: tuple[Any, ...] | None) -> Iterable[Template]:
        return [row[1] for row in value or ()]


class Conditional(NamedTuple):
    """An assignment that is made only if ``when`` holds."""

    path: Path
    value: Template
    when: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalAssignments(Assignments):
    """Keys of the context with the values they get, each always or under a condition."""

    keys: ClassVar[tuple[str, ...]] = ("key", "value", "when")

    def row(self, row: dict[str, Any]) -> Conditional:
        path, value = Assignments.row(self, row)
        try:
            return Conditional(path, value, read_condition(row["when"], "") if row.get("when") else None)
        except ConditionError as error:
            raise FieldError(f"has a condition for “{row['key']}” that cannot be read: {error}") from None

    def schema(self) -> dict[str, Any]:
        schema = Assignments.schema(self)
        schema["items"]["properties"]["when"] = {"type": "object", "title": "Only if", "format": "condition"}
        return schema


def _writable(key: str) -> Path:
    path = context_path(key)
    if path[0] in PLATFORM_ONLY or path in {("context",), ("entities",), ("session",)} or isinstance(path[0], int):
        raise FieldError(f"cannot set “{key}”; the platform keeps it")
    if path[:2] == ("session", "UserContext"):
        raise FieldError(f"cannot set “{key}”; who the person is can only be read")
    if any(isinstance(step, int) for step in path):
        raise FieldError(f"cannot set an item of a list (“{key}”); set the whole list")
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Logic(NodeKind):
    """Assignments to keys of the context, one after the other. A null value empties a key."""

    kind: ClassVar[str] = "logic"
    starter: ClassVar[Mapping[str, Any]] = {"assignments": []}
    silent: ClassVar[bool] = True

    assignments: tuple[Conditional, ...] = declare(
        ConditionalAssignments(
            title="Assignments",
            help="One after the other. Full keys, such as context.BotUserSession.last; each may have a condition.",
            required=True,
        )
    )

    def enter(self, view: View) -> Step:
        changes: dict[Path, Any] = {}
        for row in self.assignments:
            if row.when is None or row.when.holds(view.context):
                changes[row.path] = value = row.value.render(view.variables)
                # A later one sees what an earlier one did.
                view = replace(view, context=_with(view.context, row.path, value))
        return Proceed(changes=changes)

    def conditions(self) -> Iterator[tuple[str, Condition]]:
        return (("assignments", row.when) for row in self.assignments if row.when is not None)

    def assigns(self) -> Iterator[Path]:
        return (row.path for row in self.assignments)


def _with(values: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    first, rest = str(path[0]), path[1:]
    below = values.get(first)
    inner = _with(below if isinstance(below, dict) else {}, rest, value) if rest else value
    return {**values, first: inner}
