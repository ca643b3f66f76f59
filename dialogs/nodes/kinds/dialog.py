from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from dialogs.nodes.base import NodeKind
from dialogs.nodes.fields import FieldError, OneOf, Text, declare
from dialogs.nodes.kinds.logic import Assignments
from dialogs.nodes.steps import Proceed, StartTask

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dialogs.nodes.base import View
    from dialogs.nodes.kinds.logic import Assignment
    from dialogs.nodes.steps import Step
    from xoplatform.core.templating import Path, Template

#: Where the values of the other dialog stand in the templates of what it gives back.
RESULT: Final = "dialog"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskName(Text):
    """A dialog task of the App."""

    def schema(self) -> dict[str, Any]:
        return Text.schema(self) | {"format": "task"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Results(Assignments):
    """Assignments whose values may come from the other dialog, at ``{{dialog.…}}``."""

    def read(self, value: Any) -> tuple[Assignment, ...]:
        rows = Assignments.read(self, value)
        roots = {str(path[0]) for _, template in rows for path in template.paths}
        if strange := sorted(roots - {"context", RESULT}):
            raise FieldError(f"has placeholders that begin with “context” or “dialog”, not “{strange[0]}”")
        return rows

    def templates(self, value: tuple[Assignment, ...] | None) -> Iterable[Template]:
        """Those that ask for nothing but this dialog's own values: of the other one's nothing is known here."""
        kept = Assignments.templates(self, value)
        return [template for template in kept if all(path[0] == "context" for path in template.paths)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialog(NodeKind):
    """Another dialog task of the App: done as a part of this one, or in its place. They share only the session."""

    kind: ClassVar[str] = "dialog"

    task: str = declare(TaskName(title="Dialog task", required=True))
    afterwards: str = declare(
        OneOf(
            title="When it is complete",
            help="“return” comes back here; “end” ends this dialog when the other one starts.",
            options=("return", "end"),
            default="return",
        )
    )
    values_in: tuple[Assignment, ...] = declare(
        Assignments(
            title="Values before",
            help="Keys of the other dialog, such as entities.projectKey, with the values they get from this one.",
            default=[],
        )
    )
    values_out: tuple[Assignment, ...] = declare(
        Results(
            title="Values after",
            help="Keys of this dialog with their values; {{dialog.entities.…}} is the other one's. Null empties.",
            default=[],
        )
    )

    def complaints(self) -> Iterator[tuple[str, str]]:
        if self.values_out and self.afterwards == "end":
            yield "values_out", "has no effect: this dialog ends when the other one starts"

    def enter(self, view: View) -> Step:
        values = {path: template.render(view.variables) for path, template in self.values_in}
        return StartTask(task=self.task, values=values, returns=self.afterwards == "return")

    def returned(self, result: Mapping[str, Any], view: View) -> Step:
        variables = {**view.variables, RESULT: result}
        return Proceed(changes={path: template.render(variables) for path, template in self.values_out})

    def assigns(self) -> Iterator[Path]:
        return (path for path, _ in self.values_out)
