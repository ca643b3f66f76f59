"""What is said to a task that waits for an authorization. The App's settings for interruptions have no say here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final

from dialogs.nodes.phrases import yes_and_no
from dialogs.nodes.steps import AwaitAuthorization, Reply
from dialogs.nodes.words import plain, position, yes_or_no

from . import phrases
from .intents import decide
from .pending import Pending, pending_for
from .requests import DISCARD, begin, chosen, over
from .run import TaskRun
from .state import idle
from .turn import Turn

if TYPE_CHECKING:
    from .around import Around
    from .compile import CompiledGraph
    from .state import State

#: A code as its page shows it, however people space it.
CODE: Final = re.compile(r"[A-Za-z0-9]{6}", re.ASCII)
#: From this score a message asks for another task: a doubt is no reason to lead away from the link.
INTERRUPTS: Final = 55.0
BETWEEN: Final = re.compile(r"[\s.-]+")
NEW_LINK: Final = frozenset(
    {"new link", "a new link", "another link", "send a new link", "send me a new link", "new link please"}
    | {"please send a new link", "give me a new link", "the link does not work", "the link is expired"}
)


def answer(around: Around, graph: CompiledGraph, state: State, text: str) -> Turn:
    """Answer a message that came while the task waits."""
    return _ForAuthorization(around, graph, state, text).answer()


def code_in(text: str) -> str | None:
    """The code that a message may be, without what people put between its characters; None for anything else."""
    bare = BETWEEN.sub("", text.strip())
    return bare if CODE.fullmatch(bare) else None


def is_a_word(code: str) -> bool:
    """Whether it may as well be a word, such as "thanks"; a code has digits, or is typed as it is shown."""
    return code.isalpha() and not code.isupper()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that came while a task waits: what all ways of waiting have in common."""

    #: What the task waits for, as the end of "“Title” waits for …".
    thing: ClassVar[phrases.Thing]

    around: Around
    graph: CompiledGraph
    state: State
    text: str

    def _answer_to_offer(self) -> Turn | None:
        """Leaves the task for the chosen one, or goes on waiting; None when the message is no answer."""
        offered = self.state.offered
        stays = yes_or_no(self.text) == "no" or plain(self.text) == plain(phrases.stay())
        if stays or (len(offered) > 1 and position(self.text) == len(offered) + 1):
            return self._repeat()
        key = chosen(self.around.bot, offered, self.text)
        if key is None:
            return None
        left = idle(self.state, self.state.context)
        farewell = Reply(phrases.canceled(self.graph.title))
        return begin(self.around, left, key, self.text, farewell)

    def _other_tasks(self) -> tuple[str, ...]:
        ranked = self.around.bot.intents.rank(self.text, self.around.ports.person.own_languages)
        self.around.trace.intents(ranked, self.around.bot.names)
        keys = (candidate.key for candidate in decide(ranked) if candidate.score >= INTERRUPTS)
        return tuple(key for key in keys if self.around.bot.graphs[key].name != self.graph.name)

    def _offer(self, keys: tuple[str, ...]) -> Turn:
        titles = [self.around.bot.graphs[key].title for key in keys]
        if len(keys) == 1:
            question = phrases.leave_for(self.graph.title, titles[0], self.thing)
            reply = Reply(question, yes_and_no())
        else:
            choices = [*titles, phrases.stay()]
            question = phrases.which_instead(self.graph.title, choices, self.thing)
            reply = Reply(question, tuple((one, one) for one in choices))
        return self._still(replace(self.state, offered=keys), reply)

    def _repeat(self, before: str = "") -> Turn:
        """Says once more what is waited for."""
        raise NotImplementedError

    def _still(self, state: State, reply: Reply) -> Turn:
        self.around.trace.begin(self.graph.nodes[state.node])
        self.around.trace.end("waiting")
        return Turn(state, (reply,), self.around.trace.to_json())


@dataclass(frozen=True, slots=True)
class _ForAuthorization(Waiting):
    thing: ClassVar[phrases.Thing] = "authorization"

    def answer(self) -> Turn:
        """The first that it is counts: an answer to what was offered, "cancel", a code, another task; else nothing."""
        if self.state.offered and (turn := self._answer_to_offer()):
            return turn
        if plain(self.text) in DISCARD:
            return over(self.around, self.state, phrases.canceled(self.graph.title))
        if turn := self._about_the_link(Pending.of(self.state)):
            return turn
        if others := self._other_tasks():
            return self._offer(others)
        return self._go_on() if self._usable() else self._repeat()

    def _about_the_link(self, pending: Pending) -> Turn | None:
        if pending.code_needed and (code := code_in(self.text)) and (turn := self._code(pending, code)):
            return turn
        if plain(self.text) in NEW_LINK and pending.url:
            return self._fresh(pending, phrases.new_link())
        return None

    def _usable(self) -> bool:
        """Whether somebody authorized meanwhile, and the job that goes on by itself is only late."""
        provider = Pending.of(self.state).provider
        return self.around.ports.authorizations.standing(provider).outcome != "authorization_required"

    def _code(self, pending: Pending, code: str) -> Turn | None:
        given = self.around.ports.authorizations.confirm(pending.provider, code.upper())
        if given is None:
            return None if is_a_word(code) or self._usable() else self._repeat(phrases.no_code_shown())
        if given.right:
            return self._go_on()
        if given.tries_left:
            return self._still(self.state, Reply(given.message or phrases.wrong_code(given.tries_left)))
        return self._fresh(pending, given.message or phrases.no_more_tries())

    def _go_on(self) -> Turn:
        return TaskRun(self.around, self.graph, replace(self.state, offered=())).again()

    def _repeat(self, before: str = "") -> Turn:
        """The same link again, or a new one where it has run out."""
        pending, now = Pending.of(self.state), self.around.ports.clock.now()
        if pending.url and not pending.lives(now):
            return self._fresh(pending, phrases.link_ran_out())
        return self._still(replace(self.state, offered=()), pending.reply(now, before or phrases.still_waiting()))

    def _fresh(self, pending: Pending, words: str) -> Turn:
        step = AwaitAuthorization(provider=pending.provider, message=pending.message, grant=pending.grant)
        fresh = pending_for(step, Pending(), self.around.ports)
        state = replace(self.state, offered=(), authorization=fresh.to_json())
        return self._still(state, fresh.reply(self.around.ports.clock.now(), words))
