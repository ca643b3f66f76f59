"""What is said in the midst of a task: an answer, or a wish for another task that comes before it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dialogs.nodes.asking import AskingNode
from dialogs.nodes.phrases import yes_and_no
from dialogs.nodes.steps import GoTo, Reply
from dialogs.nodes.words import plain, position, yes_or_no

from . import phrases
from .amending import amended
from .holding import hold, queued
from .requests import begin, carried, over
from .run import TaskRun
from .settings import settings_of
from .state import idle
from .turn import Turn
from .wishes import listened, wish

if TYPE_CHECKING:
    from dialogs.nodes.base import NodeKind

    from .around import Around
    from .compile import CompiledGraph
    from .settings import Settings
    from .state import State


def answer(around: Around, graph: CompiledGraph, state: State, text: str, *, paused: bool = False) -> Turn:
    """Hand an answer to the node that asked, unless it amends a value given earlier or rather asks for another task.

    After a pause a text that would do for anything is no clear answer, and nothing is forbidden.
    """
    return _Midst(around, graph, state, text, paused=paused).answer()


def answer_question(around: Around, graph: CompiledGraph, state: State, text: str) -> Turn:
    """Answer a message that came when the platform itself had asked something about the task."""
    before = replace(state, waiting="answer", question={})
    midst = _Midst(around, graph, before, text)
    if state.question.get("about") == "resume":
        return midst.shall_resume(state)
    key = around.bot.key_of(str(state.question.get("task")))
    if key is None:
        return midst.answer()
    return midst.what_to_do(key, str(state.question.get("text", "")), str(state.question.get("about")))


@dataclass(frozen=True, slots=True)
class _Midst:
    around: Around
    graph: CompiledGraph
    state: State
    text: str
    paused: bool = False

    @property
    def _node(self) -> NodeKind:
        return self.graph.nodes[self.state.node]

    @property
    def _settings(self) -> Settings:
        return settings_of(self.around.bot.settings, self.graph.settings)

    def answer(self) -> Turn:
        if turn := amended(self.around, self.graph, self.state, self.text):
            return turn
        precedence = self._precedence()
        if precedence != "value" and (key := wish(self.around, self.graph, self.state, self.text)):
            return self._interrupted(key) if precedence == "intent" else self._value_or_task(key)
        return self._answered()

    def _precedence(self) -> str:
        """What comes first: the value, the intent, or a question."""
        node = self._node
        if not isinstance(node, AskingNode):
            return "value"
        return "intent" if self.paused and node.takes_anything else node.precedence

    def _answered(self) -> Turn:
        state = carried(self.around, listened(self.around, self.graph, self.state, self.text))
        run = TaskRun(self.around, self.graph, state)
        node, step = run.heard(self.text)
        if step.unfit:
            if target := self.graph.heard(node.name, state.context):
                return run.go_on(node, GoTo(target=target, reason="a follow-up intent"))
            if key := wish(self.around, self.graph, state, self.text):
                if self._mode() == "forbid":
                    return run.go_on(node, step)
                self.around.trace.end("interrupted")
                return self._interrupted(key)
        return run.go_on(node, step)

    def _mode(self) -> str:
        node = self._node
        own = node.interruptions if isinstance(node, AskingNode) else None
        mode = own or self._settings.interruptions
        return "discard" if self.paused and mode == "forbid" else mode

    def _interrupted(self, key: str) -> Turn:
        mode = self._mode()
        if mode == "forbid":
            return self._answered()
        if mode == "ask":
            return self._ask_what_to_do(key)
        return (
            self._queue(key, self.text) if mode == "queue" else self._leave(key, self.text, discard=mode == "discard")
        )

    def _title(self, key: str) -> str:
        graph = self.around.bot.whole().graph(key)
        return graph.title if graph else key

    def _leave(self, key: str, text: str, *, discard: bool) -> Turn:
        """Begin the other task; this one is put aside, or is over."""
        settings, title = self._settings, self.graph.title
        around = replace(self.around, bot=self.around.bot.whole())
        if key not in around.bot.graphs:
            return TaskRun(self.around, self.graph, self.state, (Reply(phrases.gone("")),)).again()
        if discard:
            self.around.trace.moved("discarded", self.graph.name)
            words = [phrases.canceled(title)] if settings.discard_notice else []
            return begin(around, idle(self.state, self.state.context), key, text, *map(Reply, words))
        state, dropped = hold(self.around, self.state, settings)
        self.around.trace.moved("held", self.graph.name)
        words = [phrases.put_aside(title)] if settings.resume != "silent" and state.held else []
        words += [phrases.dropped(one) for one in dropped]
        return begin(around, state, key, text, *map(Reply, words))

    def _queue(self, key: str, text: str) -> Turn:
        graph = self.around.bot.whole().graph(key)
        later = graph and queued(self.state, graph.name, text)
        words = phrases.later(self._title(key)) if later else phrases.too_many_wishes()
        if later and graph:
            self.around.trace.moved("queued", graph.name)
        return TaskRun(self.around, self.graph, later or self.state, (Reply(words),)).again()

    def _question(self, about: str, key: str, words: str, choices: tuple[str, ...]) -> Turn:
        graph = self.around.bot.whole().graph(key)
        question = {"about": about, "task": graph.name if graph else "", "text": self.text}
        state = replace(self.state, waiting="question", question=question)
        return Turn(state, (Reply(words, tuple((one, one) for one in choices)),), self.around.trace.to_json())

    def _ask_what_to_do(self, key: str) -> Turn:
        choices = phrases.ways_out(self.graph.title, self._title(key))
        return self._question("interruption", key, phrases.what_to_do(self.graph.title, choices), choices)

    def _value_or_task(self, key: str) -> Turn:
        choices = phrases.readings(self._title(key))
        return self._question("answer", key, phrases.which_reading(choices), choices)

    def what_to_do(self, key: str, wished: str, about: str) -> Turn:
        """After "start it now, afterwards, or not?", or "an answer, or that task?"."""
        title = self._title(key)
        if about == "answer":
            choice = _chosen(self.text, phrases.readings(title))
            if choice == 0:
                return replace(self, text=wished)._answered()  # noqa: SLF001 -- the same, of what was said before
            return self._leave(key, wished, discard=self._mode() == "discard") if choice == 1 else self.answer()
        choice = _chosen(self.text, phrases.ways_out(self.graph.title, title))
        if choice is None:
            choice = {"yes": 0, "no": 2}.get(yes_or_no(self.text))
        if choice is None:
            return self.answer()
        if choice == 0:
            return self._leave(key, wished, discard=False)
        return self._queue(key, wished) if choice == 1 else TaskRun(self.around, self.graph, self.state).again()

    def shall_resume(self, asked: State) -> Turn:
        """After "shall I go on with that?"."""
        verdict = yes_or_no(self.text)
        if verdict == "yes":
            return TaskRun(self.around, self.graph, self.state).again()
        if verdict == "no":
            return over(self.around, self.state, phrases.canceled(self.graph.title))
        if key := wish(self.around, self.graph, self.state, self.text):
            return self._leave(key, self.text, discard=False)
        node = self._node
        run = TaskRun(self.around, self.graph, self.state)
        if not (isinstance(node, AskingNode) and node.takes_anything):
            node, step = run.heard(self.text)
            if not step.unfit:
                return run.go_on(node, step)
            self.around.trace.end("interrupted")
        question = Reply(phrases.shall_go_on(self.graph.title), yes_and_no())
        return Turn(asked, (question,), self.around.trace.to_json())


def _chosen(text: str, choices: tuple[str, ...]) -> int | None:
    """Which of the choices an answer means by its number or by its words."""
    if (number := position(text)) is not None:
        return number - 1 if 0 < number <= len(choices) else None
    words = [plain(choice) for choice in choices]
    return words.index(said) if (said := plain(text)) in words else None
