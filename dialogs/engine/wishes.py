"""Which other task a message asks for that was said in the midst of one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .intents import decide, is_sure

if TYPE_CHECKING:
    from .around import Around
    from .compile import CompiledGraph
    from .state import State


def wish(around: Around, graph: CompiledGraph, state: State, text: str) -> str | None:
    """The version key of another task that a message asks for beyond doubt; None for anything else.

    A task that is under way already, as this one or as one that waits for it, is no other.
    """
    bot = around.bot.whole()
    ranked = bot.intents.rank(text, around.ports.person.own_languages)
    around.trace.intents(ranked, bot.names)
    rivals = decide(ranked)
    if not is_sure(rivals):
        return None
    wanted = bot.graphs[rivals[0].key].name
    below = (around.bot.graph(frame.task) for frame in state.frames)
    under_way = {graph.name} | {found.name for found in below if found is not None}
    return None if wanted in under_way else rivals[0].key


def listened(around: Around, graph: CompiledGraph, state: State, text: str) -> State:
    """The state with what a message asks for, where a transition of the waiting node looks at that.

    An intent of the task's own goes by its node's name, another task by its own.
    """
    if state.node not in graph.listening:
        return state
    bot = around.bot.whole()
    ranked = bot.intents.rank(text, around.ports.person.own_languages)
    around.trace.intents(ranked, bot.names)
    names = [bot.graphs[rival.key].name for rival in rivals] if is_sure(rivals := decide(ranked)) else []
    if graph.followups is not None and is_sure(
        inner := decide(graph.followups.rank(text, around.ports.person.own_languages))
    ):
        names = [inner[0].key, *names]
    return replace(state, context={**state.context, "FollowupIntents": names}, size=state.size + len(repr(names)) + 30)
