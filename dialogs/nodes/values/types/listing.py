"""One of a list's items: by title, value, synonym or number; near misses are asked about, never taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.nodes.saying import say
from dialogs.nodes.values.base import Circumstances, Found, Reading, Rules, Several, Span, Unfit, ValueType, shortened
from dialogs.nodes.values.choice import Menu
from dialogs.nodes.words import NEGATION, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dialogs.nodes.person import Person
    from dialogs.nodes.values.choice import Choice

MOST_SUGGESTIONS = 5
#: A shorter name in the middle of a sentence is a word like any other.
SHORTEST_MENTION = 2


class Listing(ValueType):
    """One of several items."""

    name = "list"
    rules_used = ("choices", "choices_from", "lookup", "display_choices")

    def __init__(self, rules: Rules) -> None:
        super().__init__(rules)
        self._menu = Menu(rules.choices or ())

    @classmethod
    def complaints(cls, rules: Rules) -> Iterator[tuple[str, str]]:
        if rules.has_own_choices:
            return
        if not rules.choices:
            yield "choices", "is missing; a list needs its items, or where they come from"
            return
        owners: dict[str, Choice] = {}
        for choice in rules.choices:
            for name in choice.names():
                if owners.setdefault(name, choice) is not choice:
                    yield "choices", f"has two items that are called “{name}”"

    def options(self) -> tuple[tuple[str, str], ...]:
        return self._menu.options()

    def read(self, text: str, around: Circumstances) -> Reading:
        menu = around.menu or self._menu
        if choice := menu.chosen(text):
            return Found(choice.value)
        mentioned = menu.mentioned(text)
        if len(mentioned) == 1 and not NEGATION.search(plain(text)):
            return Found(mentioned[0].value)
        near = mentioned or menu.near(text)
        if near:
            titles = dict.fromkeys(choice.title for choice in near)
            return Several(tuple((title, title) for title in titles)[:MOST_SUGGESTIONS])
        return Unfit(say("“{words}” is none of the choices.", words=shortened(text)))

    def spots(self, text: str, around: Circumstances) -> Iterable[Span]:
        if NEGATION.search(plain(text)):
            return ()
        menu = around.menu or self._menu
        return [span for span, _ in menu.names.mentions(text) if span.end - span.start >= SHORTEST_MENTION]

    def said(self, value: Any, person: Person) -> str:
        return self._menu.title_of(value) or super().said(value, person)
