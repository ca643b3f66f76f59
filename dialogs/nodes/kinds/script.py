from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dialogs.nodes import phrases
from dialogs.nodes.base import NodeKind
from dialogs.nodes.fields import Number, Script, declare
from dialogs.nodes.steps import Fail, Proceed, Run

if TYPE_CHECKING:
    from dialogs.nodes.base import View
    from dialogs.nodes.effects import ScriptResult
    from dialogs.nodes.steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptNode(NodeKind):
    """JavaScript that reads and changes the context."""

    kind: ClassVar[str] = "script"
    silent: ClassVar[bool] = True

    code: str = declare(Script(title="Code", help="JavaScript over “context”.", required=True))
    timeout: float = declare(Number(title="Time limit", help="In seconds.", default=1, low=0.05, high=5))

    def enter(self, view: View) -> Step:
        return Run(code=self.code, timeout=self.timeout)

    def ran(self, result: ScriptResult, view: View) -> Step:
        if result.error:
            return Fail(message=phrases.script_failed(), error=f"The script of {self.name} failed: {result.error}")
        return Proceed(context=result.context)
