"""Beginning a task and leaving one: what both doors of a conversation need."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.nodes.steps import Reply
from dialogs.nodes.values.brought import with_files
from dialogs.nodes.words import plain, position, yes_or_no

from . import phrases
from .context import measured
from .place import titles_of
from .run import TaskRun
from .state import idle
from .turn import Turn

if TYPE_CHECKING:
    from .around import Around
    from .bot import Bot
    from .state import State
    from .turn import EndReason

#: A message of nothing but these ends what is under way.
DISCARD: Final = frozenset(
    {"cancel", "stop", "quit", "exit", "start over", "abort", "cancel that", "stop it", "stop that", "cancel it"}
    | {"please stop", "please cancel", "stop please", "cancel please", "forget it", "never mind", "nevermind"}
    | {"abbrechen", "stopp", "abbruch", "annuler", "annule", "arrêter", "arrête", "cancelar", "cancela", "parar"}
)


def begin(around: Around, state: State, key: str, text: str, *said: Reply) -> Turn:
    """Start a task from an idle state with what the person said; ``said`` comes before its replies."""
    graph = around.bot.graphs[key]
    files = with_files(state.context.get("userInputs"), around.ports.files, state.turns)
    inputs = {"originalInput": {"sentence": text, "turn": state.turns}, **({"files": files} if files else {})}
    context = {
        **state.context,
        "intent": graph.name,
        "entities": {},
        "userInputs": inputs,
    }
    # Twice the sentence is more than the new keys take, and counting every turn costs more than counting too high.
    size = len(text.encode()) * 2 + state.size + 200 + (measured(files)[1] if files else 0)
    begun = state.having(task=key, waiting="", offered=(), handed=None, context=context, size=size)
    return TaskRun(around, graph, begun, said).start()


def carried(around: Around, state: State) -> State:
    """The state with the files that came with this message, for the entity that will ask for one."""
    if not around.ports.files:
        return state
    inputs = state.context.get("userInputs") or {}
    files = with_files(inputs, around.ports.files, state.turns)
    context = {**state.context, "userInputs": {**inputs, "files": files}}
    return replace(state, context=context, size=state.size + measured(files)[1] + 40)


def over(around: Around, state: State, words: str, *, failed: bool = False) -> Turn:
    """The task ends here with these words, and with it those that wait for it to return."""
    words = phrases.with_outer(words, titles_of(around.bot, state.frames))
    reason: EndReason = "failed" if failed else "canceled"
    return Turn(idle(state, state.context), (Reply(words),), around.trace.to_json(), reason)


def chosen(bot: Bot, offered: tuple[str, ...], text: str) -> str | None:
    """The task that an answer to "which of these?" means: by number, by title, by a yes to the only one."""
    keys = [key for key in offered if key in bot.graphs]
    if (number := position(text)) and number <= len(keys):
        return keys[number - 1]
    titled = {plain(bot.graphs[key].title): key for key in keys}
    if key := titled.get(plain(text)):
        return key
    return keys[0] if len(keys) == 1 and yes_or_no(text) == "yes" else None
