# ruff: noqa: RUF009 -- `declare` makes a dataclass field

"""What entity and confirmation share: a question, its wordings, and an end to asking."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from dialogs.graph.model import END

from . import phrases
from .base import NodeKind
from .fields import NodeName, Number, OneOf, Prompts, QuickReplies, Script, declare
from .steps import Ask, Fail, GoTo, Reply, Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xoplatform.core.templating import Path

    from .base import View
    from .effects import JSON, ScriptResult
    from .steps import Step
    from .wordings import Taps, Wordings


#: What becomes of a task when another one is asked for in its midst.
INTERRUPTIONS: Final = ("hold", "discard", "queue", "ask", "forbid")
#: What an answer is taken for that would do and asks for another task as well.
PRECEDENCE: Final = ("value", "intent", "ask")
#: Time limit of a script that says the words of a question.
SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How to ask this time.

    ``before`` is said before the node's own words, ``behind`` after them, ``text`` in place of them; ``options`` are
    quick replies in place of the node's own. ``again`` says that the answer before would not do. The rest is as in
    `Ask`.
    """

    before: str = ""
    text: str = ""
    behind: str = ""
    options: tuple[tuple[str, str], ...] | None = None
    again: bool = False
    retries: int = 0
    offered: tuple[str, ...] = ()
    handed: Any = None
    changes: Mapping[Path, Any] = field(default_factory=dict)
    decisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AskingNode(NodeKind):
    """A node that waits for an answer, and asks again as often as its retries allow."""

    group: ClassVar[Literal["inform", "ask", "action"]] = "ask"

    prompts: Wordings | None = declare(
        Prompts(title="Prompts", help="One of them is asked; {{context…}} is filled in.")
    )
    error_prompts: Wordings | None = declare(
        Prompts(title="Error prompts", help="In the order of the retries; the last one is repeated.")
    )
    prompt_script: str | None = declare(
        Script(title="Prompt script", help="JavaScript; what it prints is asked. If it fails, a prompt is.")
    )
    error_script: str | None = declare(
        Script(title="Error prompt script", help="JavaScript; what it prints is said when an answer will not do.")
    )
    quick_replies: Taps | None = declare(
        QuickReplies(title="Quick replies", help="What can be tapped instead of typed; in place of a list's choices.")
    )
    buttons: Taps | None = declare(
        QuickReplies(
            title="Buttons", help="Each with a value that it says, or an address that it opens.", most=5, links=True
        )
    )
    retries: int = declare(
        Number(
            title="Allowed retries",
            help="How often an answer that will not do is asked again.",
            default=5,
            low=1,
            high=10,
            whole=True,
        )
    )
    on_retries_exceeded: str = declare(
        NodeName(title="After the last retry", help="“@end” ends the task.", default=END)
    )

    interruptions: str | None = declare(
        OneOf(
            title="When another task is asked for here",
            help="Unless set, as the dialog's or the App's settings say.",
            options=INTERRUPTIONS,
        )
    )
    precedence: str = declare(
        OneOf(
            title="An answer that also asks for another task",
            help="“value” takes it as the answer, “intent” as the other task, “ask” asks which.",
            options=PRECEDENCE,
            default="value",
        )
    )

    def complaints(self) -> Iterator[tuple[str, str]]:
        if not self.prompts and not self.prompt_script and self.must_ask:
            yield "prompts", "is missing; there is nothing to ask with"

    @property
    def must_ask(self) -> bool:
        return True

    @property
    def takes_anything(self) -> bool:
        """Whether any text would do for an answer, so that one which fits says little."""
        return False

    def offers(self, view: View) -> tuple[tuple[str, str], ...]:
        """What the node itself has to choose from, as quick replies."""
        return ()

    def ask(self, view: View, question: Question | None = None) -> Step:
        """Ask, and wait for the answer; a script of the author's may have to say the words first."""
        question = question or Question()
        script = self.error_script if question.again else self.prompt_script
        if script and not question.text:
            return Run(code=script, timeout=SECONDS, handed=question)
        return self._put(question, self._words(question, view), view)

    def ran(self, result: ScriptResult, view: View) -> Step:
        """Asks with what the script printed; where it failed, with the node's own words."""
        question: Question = view.handed
        words = "\n".join(result.printed).strip()
        if result.error or not words:
            why = result.error or "it printed nothing"
            note = f"The script of the question did not help: {why}"
            return self._put(
                replace(question, decisions=(*question.decisions, note)), self._words(question, view), view
            )
        return self._put(question, words if question.again else f"{question.before} {words}".strip(), view)

    def _put(self, question: Question, words: str, view: View) -> Ask:
        return Ask(
            replies=(Reply(words + question.behind, self._taps(question, view), self._data(view)),),
            changes=question.changes,
            retries=question.retries,
            offered=question.offered,
            handed=question.handed,
            unfit=question.again,
            decisions=question.decisions,
        )

    def _taps(self, question: Question, view: View) -> tuple[tuple[str, str], ...]:
        if question.options is not None:
            return question.options
        own = self.quick_replies.shown(view.person, view.variables) if self.quick_replies else ()
        return own or self.offers(view)

    def _data(self, view: View) -> dict[str, JSON] | None:
        return {"buttons": self.buttons.to_json(view.person, view.variables)} if self.buttons else None

    def _words(self, question: Question, view: View) -> str:
        if question.text:
            return f"{question.before} {question.text}".strip()
        if question.again and self.error_prompts:
            prompts = self.error_prompts.of(view.person)
            return prompts[min(question.retries, len(prompts)) - 1].text(view.variables)
        return f"{question.before} {self.question(view)}".strip()

    def question(self, view: View) -> str:
        return self.pick(self.prompts, view) if self.prompts else self.called_by_people

    def ask_again(self, reason: str, view: View, question: Question | None = None) -> Step:
        """The error prompt of this retry, or ``reason`` and the question; after the last retry, the way out."""
        retries = view.retries + 1
        if retries > self.retries:
            return self.give_up()
        return self.ask(view, replace(question or Question(), before=reason, retries=retries, again=True))

    def give_up(self) -> Step:
        if self.on_retries_exceeded != END:
            return GoTo(target=self.on_retries_exceeded, reason="retries exceeded", unfit=True)
        message = phrases.too_many_tries(self.called_by_people)
        error = f"{self.name} got no usable answer in {self.retries + 1} tries."
        return Fail(message=message, error=error, unfit=True)
