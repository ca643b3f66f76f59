"""Putting a task aside for another one, coming back to it, and what was asked to be done afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from dialogs.nodes.phrases import yes_and_no
from dialogs.nodes.steps import Reply

from . import phrases
from .context import MOST_BYTES, measured
from .frames import Frame, without_session
from .place import titles_of
from .requests import begin
from .run import TaskRun
from .settings import settings_of
from .state import idle

if TYPE_CHECKING:
    from .around import Around
    from .compile import CompiledGraph
    from .frames import Stack
    from .settings import Settings
    from .state import State
    from .turn import Turn

#: Tasks that may be asked for "afterwards" at a time, and characters that are kept of each wish.
MOST_QUEUED, MOST_OF_A_WISH = 5, 400
#: Bytes that all tasks on hold may take together: half of what one conversation may have.
MOST_HELD_BYTES: Final = MOST_BYTES // 2


def hold(around: Around, state: State, settings: Settings) -> tuple[State, tuple[str, ...]]:
    """The idle state with the task on top of those on hold; and the titles of tasks that were dropped for it."""
    kept = without_session(state.context)
    top = Frame(
        task=state.task,
        path=state.path,
        retries=state.retries,
        offered=state.offered,
        handed=state.handed,
        history=state.history,
        size=measured(kept)[1],
        context=kept,
    )
    held = (*state.held, (*state.frames, top))
    dropped: list[Stack] = []
    while len(held) > settings.most_held or sum(map(_size, held)) > MOST_HELD_BYTES:
        dropped.append(held[0])
        held = held[1:]
    return replace(idle(state, state.context), held=held), titles_of(around.bot, [stack[-1] for stack in dropped])


def _size(stack: Stack) -> int:
    return sum(frame.size for frame in stack)


def queued(state: State, name: str, text: str) -> State | None:
    """The state with one task more to be done afterwards; None when that would be too many."""
    if len(state.queue) >= MOST_QUEUED:
        return None
    queue = (*state.queue, (name, text[:MOST_OF_A_WISH]))
    names = [name for name, _ in queue]
    return replace(state, queue=queue, context={**state.context, "FollowupIntents": names}, size=state.size + 200)


def afterwards(around: Around, turn: Turn) -> Turn:
    """What comes when a task is over: the one put on hold last, else the first of those asked for meanwhile."""
    while not turn.state.waiting and not turn.state.task and (turn.state.held or turn.state.queue):
        following = _back(around, turn) if turn.state.held else _next(around, turn)
        turn = replace(following, end_reason=following.end_reason or turn.end_reason).hiding(turn)
    return turn


def _next(around: Around, turn: Turn) -> Turn:
    (name, text), *rest = turn.state.queue
    state = replace(turn.state, queue=tuple(rest))
    bot = around.bot.whole()
    key = bot.key_of(name)
    if key is None or key not in bot.graphs:
        return replace(turn, state=state, replies=(*turn.replies, Reply(phrases.gone(""))))
    notice = Reply(phrases.next_one(bot.graphs[key].title))
    return begin(replace(around, bot=bot), state, key, text, *turn.replies, notice)


def _back(around: Around, turn: Turn) -> Turn:
    """Take the task on top of those on hold; ask before going on with it where its settings say so."""
    stack, rest = turn.state.held[-1], turn.state.held[:-1]
    graph = around.bot.graph(stack[-1].task)
    if graph is None or stack[-1].node not in graph.nodes:
        title = graph.title if graph else ""
        return replace(turn, state=replace(turn.state, held=rest), replies=(*turn.replies, Reply(phrases.gone(title))))
    state = _restored(replace(turn.state, held=rest), stack)
    around.trace.moved("resumed", graph.name)
    resume = settings_of(around.bot.settings, graph.settings).resume
    if resume == "ask":
        return _ask(around, graph, state, turn)
    said = turn.replies if resume == "silent" else (*turn.replies, Reply(phrases.back_to(graph.title)))
    return TaskRun(around, graph, state, said).again()


def _restored(state: State, stack: Stack) -> State:
    *frames, top = stack
    context: dict[str, Any] = {**top.context, **state.context}
    return replace(
        state,
        task=top.task,
        path=top.path,
        waiting="answer",
        retries=top.retries,
        offered=top.offered,
        handed=top.handed,
        history=top.history,
        size=top.size + state.size,
        context=context,
        frames=tuple(frames),
    )


def _ask(around: Around, graph: CompiledGraph, state: State, turn: Turn) -> Turn:
    question = Reply(phrases.shall_go_on(graph.title), yes_and_no())
    state = replace(state, waiting="question", question={"about": "resume"})
    return replace(turn, state=state, replies=(*turn.replies, question), trace=around.trace.to_json())
