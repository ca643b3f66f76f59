"""The doors of the engine: a message came, an authorization did, or something else that a task waits for."""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, ParamSpec

from dialogs.nodes.saying import speaking
from dialogs.nodes.steps import Reply
from dialogs.nodes.words import plain

from . import awaiting, interruptions, phrases, waiting
from .around import Around
from .context import clean_text
from .holding import afterwards
from .intents import decide, is_sure
from .requests import DISCARD, begin, carried, chosen, over
from .run import TaskRun
from .settings import LEAST_IDLE, settings_of
from .state import idle
from .trace import Trace
from .turn import Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dialogs.nodes.effects import Event

    from .bot import Bot
    from .compile import CompiledGraph
    from .ports import Ports
    from .state import State

P = ParamSpec("P")
#: Most characters of a message; a longer one is refused and changes nothing.
MOST_CHARACTERS: Final = 10_000
#: Characters that are kept of a message while it is asked what it was for.
MOST_OF_A_WISH: Final = 400
MOST_QUICK_REPLIES: Final = 12
#: What becomes of a message that comes while a task waits for something from outside.
MEANWHILE: Final = {"authorization": waiting.answer, "event": awaiting.answer}


def _in_their_language(door: Callable[P, Turn]) -> Callable[P, Turn]:
    """Says the platform's own sentences in the language of the person who is talked to; the ports come last."""

    @wraps(door)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Turn:
        ports: Any = kwargs.get("ports") or args[-1]
        with speaking(ports.person):
            return door(*args, **kwargs)

    return answer


@_in_their_language
def take_turn(bot: Bot, state: State, message: str, ports: Ports) -> Turn:
    """Answer one message. Nothing outside the ports is touched, and ``state`` stays as it is.

    A message that is empty or too long is answered, too; the state given back is then the one that came in.
    """
    if len(message) > MOST_CHARACTERS:
        return Turn(state, (Reply(phrases.too_long(len(message), MOST_CHARACTERS)),))
    text = clean_text(message)
    if not text.strip() and not ports.files:
        return Turn(state, (Reply(phrases.empty()),))
    around = Around(bot, ports, Trace(ports.clock))
    now = ports.clock.now()
    silent, state = state.minutes_since(now), state.next(now)
    turn = _in_task(around, state, text, silent) if state.task else _new_request(around, state, text)
    return _ended(around, turn)


def _in_task(around: Around, state: State, text: str, silent: float) -> Turn:
    graph = around.bot.graph(state.task)
    if graph is None or state.node not in graph.nodes:
        return over(around, state, phrases.gone(graph.title if graph else ""), failed=True)
    paused = False
    # A wait for something outside has a time limit of its own.
    if silent >= LEAST_IDLE and state.waiting != "event":
        settings = settings_of(around.bot.settings, graph.settings)
        if silent >= settings.timeout_minutes:
            return _afresh(around, graph, state, text, int(silent))
        paused = silent >= settings.idle_minutes
    if meanwhile := MEANWHILE.get(state.waiting):
        return meanwhile(around, graph, state, text)
    if plain(text) in DISCARD:
        return over(around, state, phrases.canceled(graph.title))
    if state.waiting == "question":
        return interruptions.answer_question(around, graph, state, text)
    return interruptions.answer(around, graph, state, text, paused=paused)


def _afresh(around: Around, graph: CompiledGraph, state: State, text: str, minutes: int) -> Turn:
    """End a task that nobody came back to in time, with all that waits, and take the message as a new request."""
    around.trace.moved("timed_out", graph.name)
    left = replace(idle(state, state.context), held=(), queue=())
    whole = replace(around, bot=around.bot.whole())
    turn = _new_request(whole, left, text, Reply(phrases.timed_out(graph.title, minutes)))
    return turn if turn.end_reason else replace(turn, end_reason="canceled")


def _ended(around: Around, turn: Turn) -> Turn:
    """The turn with what comes after a task that is over, and with the values that it shares."""
    turn = afterwards(around, turn)
    if not around.shared:
        return turn
    kept, full = around.shared.changes()
    around.trace.full(full)
    return replace(turn, shared=kept, trace=around.trace.to_json())


@_in_their_language
def resume(bot: Bot, state: State, ports: Ports) -> Turn:
    """Go on from the node that waits for an authorization. A state that waits for none is given back as it is."""
    if state.waiting != "authorization":
        return Turn(state)
    around = Around(bot, ports, Trace(ports.clock))
    state = state.next(ports.clock.now())
    graph = bot.graph(state.task)
    if graph is None or state.node not in graph.nodes:
        return over(around, state, phrases.gone(graph.title if graph else ""), failed=True)
    return _ended(around, TaskRun(around, graph, state).again())


@_in_their_language
def event(bot: Bot, state: State, happened: Event, ports: Ports) -> Turn:
    """Go on from the node that waits for something from outside, with what came.

    A state that does not wait for just this is given back as it is: what comes twice, or too late, does nothing.
    """
    if state.waiting != "event" or state.event.get("id") != happened.wait:
        return Turn(state)
    around = Around(bot, ports, Trace(ports.clock))
    state = state.next(ports.clock.now())
    graph = bot.graph(state.task)
    if graph is None or state.node not in graph.nodes:
        return over(around, state, phrases.gone(graph.title if graph else ""), failed=True)
    return _ended(around, TaskRun(around, graph, state).happened(happened))


def _new_request(around: Around, state: State, text: str, *said: Reply) -> Turn:
    bot = around.bot
    key = chosen(bot, state.offered, text) if state.waiting == "choice" else None
    if key is not None and isinstance(state.handed, str):
        # What was said first holds the values, not the "yes" to what it was taken for.
        text = state.handed
    if key is None:
        ranked = bot.intents.rank(text, around.ports.person.own_languages)
        around.trace.intents(ranked, bot.names)
        rivals = decide(ranked)
        if not is_sure(rivals):
            return _ask_which(around, state, [rival.key for rival in rivals], text, *said)
        key = rivals[0].key
    return begin(around, state, key, text, *said)


def _ask_which(around: Around, state: State, keys: Sequence[str], text: str, *said: Reply) -> Turn:
    """A question where some tasks are likely, else what there is; the person answers either as they like."""
    bot = around.bot
    titles = [bot.graphs[key].title for key in keys]
    if titles:
        words = phrases.which(titles)
    elif plain(text) in DISCARD:
        words = phrases.nothing_to_cancel(bot.titles)
    else:
        words = phrases.not_understood(bot.titles)
    shown = titles or bot.titles[:MOST_QUICK_REPLIES]
    reply = Reply(words, tuple((title, title) for title in shown))
    wish = text[:MOST_OF_A_WISH] if keys else None
    after = replace(state, waiting="choice" if keys else "", offered=tuple(keys), handed=wish)
    return Turn(carried(around, after) if keys else after, (*said, reply), around.trace.to_json())
