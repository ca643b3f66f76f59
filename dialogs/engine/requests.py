"""Beginning a task and leaving one: what both doors of a conversation need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dialogs.nodes.steps import Reply
from dialogs.nodes.words import plain, position, yes_or_no

from .run import TaskRun, idle
from .state import State
from .turn import Turn

if TYPE_CHECKING:
    from .bot import Bot
    from .ports import Ports
    from .trace import Trace

#: A message of nothing but these ends what is under way.
DISCARD: Final = frozenset(
    {"cancel", "stop", "quit", "exit", "start over", "abort", "cancel that", "stop it", "stop that", "cancel it"}
    | {"please stop", "please cancel", "stop please", "cancel please", "forget it", "never mind", "nevermind"}
)


@dataclass(frozen=True, slots=True)
class Around:
    """What a turn has to do with, whatever is said in it."""

    bot: Bot
    ports: Ports
    trace: Trace


def begin(around: Around, state: State, key: str, text: str, *said: Reply) -> Turn:
    """Start a task from an idle state with what the person said; ``said`` comes before its replies."""
    graph = around.bot.graphs[key]
    context = {
        **state.context,
        "intent": graph.name,
        "entities": {},
        "userInputs": {"originalInput": {"sentence": text}},
    }
    # Twice the sentence is more than the new keys take, and counting every turn costs more than counting too high.
    size = len(text.encode()) * 2 + state.size + 200
    begun = State(task=key, turns=state.turns, context=context, size=size)
    return TaskRun(graph, begun, around.ports, around.trace, said).start()


def over(state: State, words: str, trace: Trace, *, failed: bool = False) -> Turn:
    """The task ends here, with these words."""
    return Turn(idle(state, state.context), (Reply(words),), trace.to_json(), "failed" if failed else "canceled")


def chosen(bot: Bot, offered: tuple[str, ...], text: str) -> str | None:
    """The task that an answer to "which of these?" means: by number, by title, by a yes to the only one."""
    keys = [key for key in offered if key in bot.graphs]
    if (number := position(text)) and number <= len(keys):
        return keys[number - 1]
    titled = {plain(bot.graphs[key].title): key for key in keys}
    if key := titled.get(plain(text)):
        return key
    return keys[0] if len(keys) == 1 and yes_or_no(text) == "yes" else None
