from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dialogs.nodes import phrases
from dialogs.nodes.base import NodeKind
from dialogs.nodes.fields import Number, Prompts, Script, declare
from dialogs.nodes.steps import Fail, Proceed, Reply, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.nodes.base import View
    from dialogs.nodes.effects import ScriptResult
    from dialogs.nodes.steps import Step
    from xoplatform.core.templating import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(NodeKind):
    """Something said: one of several texts, or all that a script prints, as one message."""

    kind: ClassVar[str] = "message"

    texts: tuple[Template, ...] | None = declare(
        Prompts(title="Texts", help="One of them is said; {{context…}} is filled in.")
    )
    script: str | None = declare(Script(title="Script", help="JavaScript; what it prints is said."))
    timeout: float = declare(Number(title="Time limit of the script", help="In seconds.", default=1, low=0.05, high=5))

    def complaints(self) -> Iterator[tuple[str, str]]:
        if bool(self.texts) == bool(self.script):
            yield "texts", "or “script” must say something, and only one of the two"

    def enter(self, view: View) -> Step:
        if self.script:
            return Run(code=self.script, timeout=self.timeout)
        return Proceed(replies=(Reply(self.pick(self.texts or (), view)),))

    def ran(self, result: ScriptResult, view: View) -> Step:
        """Says what was printed. A message only speaks: what its script did to the context is dropped."""
        if result.error:
            return Fail(message=phrases.script_failed(), error=f"The script of {self.name} failed: {result.error}")
        text = "\n".join(result.printed).strip()
        return Proceed(replies=(Reply(text or phrases.nothing_to_say(self.name)),))
