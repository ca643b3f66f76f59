# ruff: noqa: RUF009 -- `declare` makes a dataclass field

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from dialogs.nodes import phrases
from dialogs.nodes.base import NodeKind
from dialogs.nodes.fields import FieldError, Json, Number, Prompts, QuickReplies, Script, declare
from dialogs.nodes.steps import Fail, Proceed, Reply, Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogs.nodes.base import View
    from dialogs.nodes.effects import ScriptResult
    from dialogs.nodes.steps import Step
    from dialogs.nodes.wordings import Taps, Wordings
    from xoplatform.core.templating import Template

QUICK_REPLIES = QuickReplies(title="Quick replies", help="What can be tapped instead of typed.")
BUTTONS = QuickReplies(
    title="Buttons", help="{title, value} says something, {title, url} opens a page.", most=5, links=True
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(NodeKind):
    """Something said: one of several texts, or all that a script prints, as one message."""

    kind: ClassVar[str] = "message"
    group: ClassVar[Literal["inform", "ask", "action"]] = "inform"

    texts: Wordings | None = declare(Prompts(title="Texts", help="One of them is said; {{context…}} is filled in."))
    script: str | None = declare(
        Script(
            title="Script", help="JavaScript; what it prints is said. show({…}) adds quick replies, buttons or data."
        )
    )
    timeout: float = declare(Number(title="Time limit of the script", help="In seconds.", default=1, low=0.05, high=5))
    quick_replies: Taps | None = declare(QUICK_REPLIES)
    buttons: Taps | None = declare(BUTTONS)
    data: Template | None = declare(
        Json(title="Data", help="Cards and the like, for channels that show more than text.", mapping=True)
    )

    def complaints(self) -> Iterator[tuple[str, str]]:
        if bool(self.texts) == bool(self.script):
            yield "texts", "or “script” must say something, and only one of the two"

    def enter(self, view: View) -> Step:
        if self.script:
            return Run(code=self.script, timeout=self.timeout)
        return Proceed(replies=(self._reply(self.pick(self.texts, view) if self.texts else "", view),))

    def ran(self, result: ScriptResult, view: View) -> Step:
        """Says what was printed. A message only speaks: what its script did to the context is dropped."""
        if result.error:
            return self._broken(result.error)
        text = "\n".join(result.printed).strip() or phrases.nothing_to_say(self.name)
        try:
            return Proceed(replies=(self._reply(text, view, *result.shown),))
        except FieldError as error:
            return self._broken(f"what it gave to show {error}.")

    def _broken(self, error: str) -> Fail:
        return Fail(message=phrases.script_failed(), error=f"The script of {self.name} failed: {error}")

    def _reply(self, text: str, view: View, *shown: Mapping[str, Any]) -> Reply:
        """The text with what goes beside it; ``shown`` is what a script wants shown. Raises FieldError."""
        variables, person = view.variables, view.person
        quick = self.quick_replies.shown(person, variables) if self.quick_replies else ()
        data: dict[str, Any] = self.data.render(variables) if self.data is not None else {}
        if self.buttons:
            buttons = [each for each in self.buttons.to_json(person, variables) if _is_button(each)]
            data = {**data, "buttons": buttons}
        for more in shown:
            quick += _quick_replies(more.get("quick_replies"))
            data = {**data, **_data(more)}
        return Reply(text, quick, data or None)


def _quick_replies(given: Any) -> tuple[tuple[str, str], ...]:
    """What a script wants to be tapped. It holds words of people, so no text of it is a template."""
    if given is None:
        return ()
    if not isinstance(given, list) or len(given) > QUICK_REPLIES.most:
        raise FieldError(f"must have at most {QUICK_REPLIES.most} quick replies in a list")
    return tuple(_pair(entry) for entry in given)


def _pair(entry: Any) -> tuple[str, str]:
    item = {"title": entry} if isinstance(entry, str) else entry
    if not isinstance(item, dict) or not isinstance(item.get("title"), str):
        raise FieldError("has a quick reply without a title")
    return item["title"], str(item.get("value", item["title"]))


def _data(more: Mapping[str, Any]) -> dict[str, Any]:
    data = more.get("data", {})
    if not isinstance(data, dict):
        raise FieldError("must have an object as data")
    buttons = more.get("buttons")
    if buttons is None:
        return data
    if not isinstance(buttons, list) or len(buttons) > BUTTONS.most or not all(map(_is_button, buttons)):
        raise FieldError(f"must have at most {BUTTONS.most} buttons of a title with a value or an url")
    return {**data, "buttons": buttons}


def _is_button(entry: Any) -> bool:
    if not isinstance(entry, dict) or not isinstance(entry.get("title"), str):
        return False
    # An address may hold what somebody typed; one that runs a script or opens a program is no button.
    return str(entry["url"]).startswith(("https://", "http://")) if "url" in entry else "value" in entry
