from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from dialogs.graph.paths import PLATFORM_ONLY, context_path
from dialogs.nodes.base import NodeKind
from dialogs.nodes.fields import FieldError, Spec, declare
from dialogs.nodes.steps import Proceed
from xoplatform.core.templating import Template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dialogs.nodes.base import View
    from dialogs.nodes.steps import Step
    from xoplatform.core.templating import Path

Assignment = tuple["Path", Template]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignments(Spec):
    """Keys of the context with the values they get."""

    json_type: ClassVar[str] = "array"

    def read(self, value: Any) -> tuple[Assignment, ...]:
        if not isinstance(value, list) or not all(isinstance(row, dict) and row.get("key") for row in value):
            raise FieldError("must be a list of keys with values")
        return tuple((_writable(str(row["key"])), Template(row.get("value"))) for row in value)

    def schema(self) -> dict[str, Any]:
        item = {
            "type": "object",
            "required": ["key"],
            "properties": {"key": {"type": "string", "title": "Key"}, "value": {"title": "Value"}},
        }
        return Spec.schema(self) | {"items": item}

    def templates(self, value: tuple[Assignment, ...] | None) -> Iterable[Template]:
        return [template for _, template in value or ()]


def _writable(key: str) -> Path:
    path = context_path(key)
    if path[0] in PLATFORM_ONLY or path in {("context",), ("entities",), ("session",)} or isinstance(path[0], int):
        raise FieldError(f"cannot set “{key}”; the platform keeps it")
    if any(isinstance(step, int) for step in path):
        raise FieldError(f"cannot set an item of a list (“{key}”); set the whole list")
    return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Logic(NodeKind):
    """Assignments to keys of the context, one after the other. A null value empties a key."""

    kind: ClassVar[str] = "logic"
    silent: ClassVar[bool] = True

    assignments: tuple[Assignment, ...] = declare(
        Assignments(title="Assignments", help="Full keys, such as context.BotUserSession.last.", required=True)
    )

    def enter(self, view: View) -> Step:
        return Proceed(changes={path: template.render(view.variables) for path, template in self.assignments})

    def assigns(self) -> Iterator[Path]:
        return (path for path, _ in self.assignments)
