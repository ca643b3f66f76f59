"""The two doors of the engine: a message came, or an authorization did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.nodes.steps import Reply
from dialogs.nodes.words import plain

from . import phrases, waiting
from .context import clean_text
from .intents import decide, is_sure
from .requests import DISCARD, Around, begin, chosen, over
from .run import TaskRun
from .state import State
from .trace import Trace
from .turn import Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .bot import Bot
    from .ports import Ports

#: Most characters of a message; a longer one is refused and changes nothing.
MOST_CHARACTERS: Final = 10_000
MOST_QUICK_REPLIES: Final = 12


def take_turn(bot: Bot, state: State, message: str, ports: Ports) -> Turn:
    """Answer one message. Nothing outside the ports is touched, and ``state`` stays as it is.

    A message that is empty or too long is answered, too; the state given back is then the one that came in.
    """
    if len(message) > MOST_CHARACTERS:
        return Turn(state, (Reply(phrases.too_long(len(message), MOST_CHARACTERS)),))
    text = clean_text(message)
    if not text.strip():
        return Turn(state, (Reply(phrases.empty()),))
    around = Around(bot, ports, Trace(ports.clock))
    return _in_task(around, state, text) if state.task else _new_request(around, state, text)


def _in_task(around: Around, state: State, text: str) -> Turn:
    graph, trace = around.bot.graph(state.task), around.trace
    if graph is None or state.node not in graph.nodes:
        return over(state, phrases.gone(graph.title if graph else ""), trace, failed=True)
    if state.waiting == "authorization":
        return waiting.answer(around, graph, state, text)
    if plain(text) in DISCARD:
        return over(state, phrases.canceled(graph.title), trace)
    return TaskRun(graph, state, around.ports, trace).answer(text)


def resume(bot: Bot, state: State, ports: Ports) -> Turn:
    """Go on from the node that waits for an authorization. A state that waits for none is given back as it is."""
    if state.waiting != "authorization":
        return Turn(state)
    trace = Trace(ports.clock)
    graph = bot.graph(state.task)
    if graph is None or state.node not in graph.nodes:
        return over(state, phrases.gone(graph.title if graph else ""), trace, failed=True)
    return TaskRun(graph, state, ports, trace).again()


def _new_request(around: Around, state: State, text: str) -> Turn:
    bot = around.bot
    key = chosen(bot, state.offered, text) if state.waiting == "choice" else None
    if key is None:
        ranked = bot.intents.rank(text)
        around.trace.intents(ranked, bot.names)
        rivals = decide(ranked)
        if not is_sure(rivals):
            return _ask_which(bot, state, [rival.key for rival in rivals], text, around.trace)
        key = rivals[0].key
    return begin(around, state, key, text)


def _ask_which(bot: Bot, state: State, keys: Sequence[str], text: str, trace: Trace) -> Turn:
    """A question where some tasks are likely, else what there is; the person answers either as they like."""
    titles = [bot.graphs[key].title for key in keys]
    if titles:
        words = phrases.which(titles)
    elif plain(text) in DISCARD:
        words = phrases.nothing_to_cancel(bot.titles)
    else:
        words = phrases.not_understood(bot.titles)
    shown = titles or bot.titles[:MOST_QUICK_REPLIES]
    reply = Reply(words, tuple((title, title) for title in shown))
    after = State(
        waiting="choice" if keys else "",
        offered=tuple(keys),
        turns=state.turns + 1,
        size=state.size,
        context=state.context,
    )
    return Turn(after, (reply,), trace.to_json())
