"""The two doors of the engine: a message came, or an authorization did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dialogs.nodes.steps import Reply
from dialogs.nodes.words import plain, position, yes_or_no

from . import phrases
from .context import clean_text
from .intents import decide, is_sure
from .run import TaskRun, idle
from .state import State
from .trace import Trace
from .turn import Turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .bot import Bot
    from .ports import Ports

#: Most characters of a message; a longer one is refused and changes nothing.
MOST_CHARACTERS: Final = 10_000
#: A message of nothing but these ends what is under way.
DISCARD: Final = frozenset(
    {"cancel", "stop", "quit", "exit", "start over", "abort", "cancel that", "stop it", "stop that", "cancel it"}
    | {"please stop", "please cancel", "stop please", "cancel please", "forget it", "never mind", "nevermind"}
)
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
    trace = Trace(ports.clock)
    if not state.task:
        return _new_request(bot, state, text, ports, trace)
    graph = bot.graph(state.task)
    if graph is None or state.node not in graph.nodes:
        return _over(state, phrases.gone(graph.title if graph else ""), trace, failed=True)
    if plain(text) in DISCARD:
        return _over(state, phrases.canceled(graph.title), trace)
    run = TaskRun(graph, state, ports, trace)
    return run.answer(text) if state.waiting == "answer" else run.again()


def resume(bot: Bot, state: State, ports: Ports) -> Turn:
    """Go on from the node that waits for an authorization. A state that waits for none is given back as it is."""
    if state.waiting != "authorization":
        return Turn(state)
    trace = Trace(ports.clock)
    graph = bot.graph(state.task)
    if graph is None or state.node not in graph.nodes:
        return _over(state, phrases.gone(graph.title if graph else ""), trace, failed=True)
    return TaskRun(graph, state, ports, trace).again()


def _over(state: State, words: str, trace: Trace, *, failed: bool = False) -> Turn:
    return Turn(idle(state, state.context), (Reply(words),), trace.to_json(), "failed" if failed else "canceled")


def _new_request(bot: Bot, state: State, text: str, ports: Ports, trace: Trace) -> Turn:
    key = _chosen(bot, state, text)
    if key is None:
        ranked = bot.intents.rank(text)
        trace.intents(ranked, bot.names)
        rivals = decide(ranked)
        if not is_sure(rivals):
            return _ask_which(bot, state, [rival.key for rival in rivals], text, trace)
        key = rivals[0].key
    graph = bot.graphs[key]
    context = {
        **state.context,
        "intent": graph.name,
        "entities": {},
        "userInputs": {"originalInput": {"sentence": text}},
    }
    # Twice the sentence is more than the new keys take, and counting every turn costs more than counting too high.
    size = len(text.encode()) * 2 + state.size + 200
    begun = State(task=key, turns=state.turns, context=context, size=size)
    return TaskRun(graph, begun, ports, trace).start()


def _chosen(bot: Bot, state: State, text: str) -> str | None:
    """The task that an answer to "which of these?" means: by number, by title, by a yes to the only one."""
    offered = [key for key in state.offered if key in bot.graphs] if state.waiting == "choice" else []
    if (number := position(text)) and number <= len(offered):
        return offered[number - 1]
    titled = {plain(bot.graphs[key].title): key for key in offered}
    if key := titled.get(plain(text)):
        return key
    return offered[0] if len(offered) == 1 and yes_or_no(text) == "yes" else None


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
