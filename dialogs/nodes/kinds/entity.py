from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from dialogs.nodes import phrases
from dialogs.nodes.asking import Question
from dialogs.nodes.menus import page, shown, stored
from dialogs.nodes.steps import AwaitAuthorization, Call, Proceed, Reply
from dialogs.nodes.value_node import ValueNode
from dialogs.nodes.values import extraction as earlier
from dialogs.nodes.values.base import Found, Part, Several, Unfit
from dialogs.nodes.values.brought import FILES, came_now, files_of, left_of
from dialogs.nodes.values.choice import Menu
from dialogs.nodes.words import MORE, SKIP, plain, position, yes_or_no

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogs.nodes.base import View
    from dialogs.nodes.effects import OperationRequest, OperationResult
    from dialogs.nodes.steps import Step
    from dialogs.nodes.values.base import Reading
    from dialogs.nodes.values.extraction import Piece
    from dialogs.nodes.values.source import Lookup
    from xoplatform.core.templating import Path

UNUSED: Final[Path] = ("userInputs", "unused")
ERROR_STATUS: Final = 400
#: A question about nothing that could be chosen from.
PLAIN: Final = Question()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity(ValueNode):
    """A value that the person gives. It is asked for unless it is there already; only a value of its type is kept."""

    kind: ClassVar[str] = "entity"
    starter: ClassVar[Mapping[str, Any]] = {"type": "string"}

    def enter(self, view: View) -> Step:
        handed = _memory(view)
        if view.value("entities", self.name) is not None:
            return Proceed()
        if self.precondition is not None and not self.precondition.holds(view.context):
            return Proceed(decisions=("Passed over: its precondition does not hold.",))
        if self.lookup is not None and "typed" in handed:
            return Call(request=self._request(self.lookup, view, handed["typed"]), handed=handed)
        if "confirm" in handed or "part" in handed:
            return self._confirm(handed["confirm"], view) if "confirm" in handed else self._rest(handed["part"], view)
        return self._first_look(view, self._menu(view)) if self.lookup is None else self._look_ahead(self.lookup, view)

    def answer(self, text: str, view: View) -> Step:
        handed = _memory(view)
        if "confirm" in handed:
            return self._confirmed(handed["confirm"], text, view)
        if self.requirement == "optional" and not view.files and plain(text) in SKIP | {"", text.strip() and "-"}:
            return self._without(view)
        menu = shown(handed) or self._menu(view)
        if plain(text) in MORE and (question := self._next_page(menu, view, handed)):
            return self.ask(view, question)
        reading = self._reading(text, view, menu)
        if self.lookup is not None and not handed.get("free"):
            unknown = not isinstance(reading, Found) and (self.lookup.by_input or handed.get("cut"))
            if menu is None or unknown:
                return self._look_up(self.lookup, view, text)
        return self._settled(reading, text, view, menu)

    def called(self, result: OperationResult, view: View) -> Step:
        """The items that were looked up, or why there are none."""
        handed = _memory(view)
        if self.lookup is None or result.outcome == "authorization_required":
            provider = self.lookup.provider if self.lookup else ""
            message = result.message or phrases.authorize_first()
            return AwaitAuthorization(provider=provider, message=message, grant=result.grant, handed=handed)
        view = replace(view, retries=int(handed.get("retries", 0)), handed=None)
        typed, answered = str(handed.get("typed", "")), bool(handed.get("answered"))
        if result.outcome != "answered" or (result.status_code or ERROR_STATUS) >= ERROR_STATUS:
            return self._unlooked(result, typed, view, answered=answered)
        menu = self.lookup.menu(result.body)
        if answered:
            return self._settled(self._picked(menu, typed, view), typed, view, menu)
        if not typed:
            return self._first_look(view, menu)
        picked = self._picked(menu, typed, view)
        if isinstance(picked, Found):
            left = tuple((turn, words) for turn, words in handed.get("left", ()))
            return self._kept(picked.value, view, self._note(typed), left, extracted=True)
        return self._which(picked, view, menu) if isinstance(picked, Several) else self._ask_plainly(view)

    def offers(self, view: View) -> tuple[tuple[str, str], ...]:
        return page(self._static_options)[1]

    def assigns(self) -> Iterator[Path]:
        yield ("entities", self.name)
        if self.lookup is not None:
            yield ("inputData", "input")

    # What was said before.

    def _first_look(self, view: View, menu: Menu | None) -> Step:
        """A value in earlier words; else the question, or for a hidden entity its default."""
        if self.reader.of_files:
            return self._first_file(view)
        pieces = self.pieces(view)
        taken = earlier.take(pieces, self.look(view, menu)) if pieces else None
        if taken is not None:
            return self._kept(taken.value, view, self._note(taken.words), taken.left, extracted=True)
        return self.ask(view, self._offered(menu)) if self.must_ask else self._without(view)

    def _first_file(self, view: View) -> Step:
        """A file that came with an earlier message; else the question."""
        around = self.around(view, None)
        if not around.files:
            return self._ask_plainly(view)
        reading = self.read("", around)
        if isinstance(reading, Found):
            note = f"“{self.reader.said(reading.value, view.person)}” had come with an earlier message."
            return self._kept(reading.value, view, (note,), extracted=True)
        if not self.must_ask:
            return self._without(view)
        if isinstance(reading, Several):
            return self._which(reading, view, None)
        if isinstance(reading, Unfit) and came_now(around, view.turns):
            return self.ask(view, Question(before=reading.reason))
        return self.ask(view)

    def _note(self, words: str) -> tuple[str, ...]:
        what = "A sensitive value" if self.sensitive else f"“{words}”"
        return (f"{what} was taken from earlier words.",)

    def _ask_plainly(self, view: View) -> Step:
        return self.ask(view) if self.must_ask else self._without(view)

    # What an answer means.

    def _reading(self, text: str, view: View, menu: Menu | None) -> Reading:
        around = self.around(view, menu)
        if part := _memory(view).get("part"):
            return self.reader.complete(part, text, around)
        if view.offered:
            number = position(text)
            if number and number > len(view.offered):
                return Unfit(phrases.none_of_those())
            if chosen := _chosen(number, text, view.offered):
                return self.read(chosen, around)
        if self.has_own_choices and menu is None:
            return Found(" ".join(text.split())) if text.strip() else Unfit(phrases.none_of_those())
        reading = self.read(text, around)
        if isinstance(reading, Unfit) and not self.takes_anything and not self.digits_only:
            # "It is in DEMO, please" answers the question though as a whole it is no key.
            found = earlier.take([(view.turns, text)], self.look(view, menu))
            return Found(found.value) if found else reading
        return reading

    def _settled(self, reading: Reading, text: str, view: View, menu: Menu | None) -> Step:
        if isinstance(reading, Found):
            return self._kept(reading.value, view, (), self._left_over(text, reading.value, view, menu))
        if isinstance(reading, Part):
            return self._rest(reading.value, view)
        if isinstance(reading, Several):
            return self._which(reading, view, menu)
        if self.requirement == "optional":
            return self._without(view, phrases.going_on_without(self.called_by_people, reading.reason))
        part = _memory(view).get("part")
        return self.ask_again(reading.reason, view, self._end(part, view) if part else self._offered(menu))

    def _left_over(self, text: str, value: Any, view: View, menu: Menu | None) -> tuple[Piece, ...] | None:
        """What was said before with what this answer holds besides the value; None where it holds nothing else."""
        if self.keep_for_itself or self.takes_anything or " " not in text.strip():
            return None
        left = earlier.left_over(view.turns, text, value, self.look(view, menu))
        if not left:
            return None
        return (*earlier.pieces_of(view.value("userInputs"), used_too=False), *left)[-earlier.MOST_PIECES :]

    def _kept(
        self,
        value: Any,
        view: View,
        decisions: tuple[str, ...] = (),
        left: tuple[Piece, ...] | None = None,
        *,
        extracted: bool = False,
        notice: str = "",
    ) -> Step:
        """The value is taken, unless the person has to confirm it first."""
        changes: dict[Path, Any] = {} if left is None else {UNUSED: earlier.stored(left)}
        if self.reader.of_files and files_of(view.value("userInputs")):
            changes[FILES] = left_of(view.value("userInputs"), value)
        if self.confirm_value == "always" or (extracted and self.confirm_value == "extracted"):
            return self._confirm(value, view, changes, decisions)
        changes[("entities", self.name)] = value
        return Proceed(replies=(Reply(notice),) if notice else (), changes=changes, decisions=decisions)

    def _which(self, reading: Several, view: View, menu: Menu | None) -> Step:
        if view.retries >= self.retries:
            return self.give_up()
        titles = [title for title, _ in reading.options]
        if menu is not None and len(titles) > 1:
            among = Menu(choice for choice in menu.choices if choice.title in titles)
            question = replace(self._offered(among), text=phrases.which_one(), retries=view.retries + 1)
            return self.ask(view, question)
        offered = tuple(words for _, words in reading.options)
        text = phrases.did_you_mean(titles)
        handed = stored(menu) if menu is not None and self.lookup is not None else None
        options, retries = reading.options, view.retries + 1
        return self.ask(view, Question(text=text, options=options, offered=offered, handed=handed, retries=retries))

    def _rest(self, part: str, view: View) -> Step:
        """Asks for the second half of a value."""
        return self.ask(view, replace(self._end(part, view), retries=view.retries))

    def _end(self, part: str, view: View) -> Question:
        text = self.pick(self.end_prompts, view) if self.end_prompts else phrases.until_when(self.called_by_people)
        return Question(text=text, options=(), handed={"part": part})

    def _confirm(
        self, value: Any, view: View, changes: Mapping[Path, Any] | None = None, decisions: tuple[str, ...] = ()
    ) -> Step:
        question = replace(self._is_it(value, view), retries=view.retries, changes=changes or {}, decisions=decisions)
        return self.ask(view, question)

    def _is_it(self, value: Any, view: View) -> Question:
        text = phrases.is_it(self.called_by_people, self.reader.said(value, view.person))
        return Question(text=text, options=phrases.yes_and_no(), handed={"confirm": value})

    def _confirmed(self, value: Any, text: str, view: View) -> Step:
        """What became of "is it …?": yes, no, or another value at once ("no, OPS")."""
        view = replace(view, handed=None, offered=())
        verdict = yes_or_no(text)
        if verdict == "yes":
            return Proceed(changes={("entities", self.name): value}, decisions=("The person confirmed it.",))
        menu = self._menu(view)
        other = text.strip()[len("no") :].lstrip(" ,.:") if plain(text).startswith("no") else text
        reading = (
            self._reading(other, view, menu) if (other.strip() or view.files) and not self.takes_anything else None
        )
        if isinstance(reading, Found) and reading.value != value and self.lookup is None:
            return self._kept(reading.value, view)
        if verdict == "no":
            return self.ask_again(phrases.not_taken(), view, self._offered(menu))
        return self.ask_again(phrases.unclear_yes_or_no(), view, self._is_it(value, view))

    def _without(self, view: View, notice: str = "") -> Step:
        value: Any = self.default.render(view.variables) if self.default else None
        replies = (Reply(notice),) if notice else ()
        return Proceed(replies=replies, changes={("entities", self.name): value}, unfit=bool(notice))

    # What there is to choose from.

    @property
    def _static_options(self) -> tuple[tuple[str, str], ...]:
        return self.reader.options() if self.display_choices else ()

    def _menu(self, view: View) -> Menu | None:
        """The items in the context; None where there are none, or they come from an operation."""
        menu = self.choices_from.menu(view.context) if self.choices_from is not None else None
        return menu if menu and menu.choices else None

    def _offered(self, menu: Menu | None, number: int = 0) -> Question:
        """How a question offers what there is to choose from, on one of several pages."""
        if menu is None and not self._static_options:
            return PLAIN
        listed, options = page(menu.options() if menu else self._static_options, number, always=menu is not None)
        handed = stored(menu) if menu is not None and self.lookup is not None else {}
        return Question(behind=listed, options=options or None, handed={**handed, "page": number} if number else handed)

    def _next_page(self, menu: Menu | None, view: View, handed: Mapping[str, Any]) -> Question | None:
        """The next page of what was offered, the first one after the last; None where one page is all."""
        options = menu.options() if menu else self._static_options
        number = int(handed.get("page", 0)) + 1
        if not page(options, 1)[1]:
            return None
        question = self._offered(menu, number if page(options, number)[1] else 0)
        return replace(question, text=phrases.which_one(), retries=view.retries)

    def _look_ahead(self, lookup: Lookup, view: View) -> Step:
        """Before anything is asked: all items, or what earlier words are looked up as."""
        if not lookup.by_input:
            return Call(request=self._request(lookup, view, ""), handed={"typed": ""})
        look = replace(self.look(view, None), read=earlier.any_phrase, spots=lambda _: (), free=False)
        taken = earlier.take(self.pieces(view), look)
        if taken is None:
            return self._ask_plainly(view)
        handed = {"typed": taken.words, "left": earlier.stored(taken.left)}
        return Call(request=self._request(lookup, view, taken.words), handed=handed)

    def _look_up(self, lookup: Lookup, view: View, typed: str) -> Step:
        handed = {"typed": typed, "answered": True, "retries": view.retries}
        return Call(request=self._request(lookup, view, typed), handed=handed)

    def _request(self, lookup: Lookup, view: View, typed: str) -> OperationRequest:
        return lookup.request(self.name, view.variables, typed)

    def _picked(self, menu: Menu, typed: str, view: View) -> Reading:
        """What was typed means of the items it found: the only one, the one of that name, or one to be asked for."""
        if not menu.choices:
            return Unfit(phrases.nothing_found(typed))
        reading = self.reader.read(typed, self.around(view, menu))
        if self.lookup is None or not self.lookup.by_input or isinstance(reading, Found):
            return reading
        return Found(menu.choices[0].value) if len(menu.choices) == 1 else Several(menu.options())

    def _unlooked(self, result: OperationResult, typed: str, view: View, *, answered: bool) -> Step:
        """Nothing could be looked up: the person is told, and what was or will be typed is taken as it is."""
        reason = phrases.not_looked_up(self.called_by_people, result.message)
        decisions = (f"The lookup failed ({result.outcome}, status {result.status_code}).",)
        if answered and typed.strip():
            words = " ".join(typed.split())
            return self._kept(words, view, decisions, notice=phrases.taken_unchecked(reason, words))
        if not self.must_ask:
            return self._without(view)
        return self.ask(view, Question(before=reason, handed={"free": True}, decisions=decisions))


def _memory(view: View) -> dict[str, Any]:
    """What the node handed to this step."""
    return view.handed if isinstance(view.handed, dict) else {}


def _chosen(number: int | None, text: str, offered: tuple[str, ...]) -> str | None:
    """Which of the offered ones an answer means by its number, or by a yes to the only one."""
    if number:
        return offered[number - 1]
    return offered[0] if len(offered) == 1 and yes_or_no(text) == "yes" else None
