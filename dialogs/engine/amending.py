"""Changing a value given earlier: "no, the project is OPS", "change the summary to …". English, whole values only."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dialogs.nodes.steps import Proceed, Reply

from . import phrases
from .context import Context, ContextTooLarge
from .place import kept_of
from .run import TaskRun
from .settings import settings_of
from .turn import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .around import Around
    from .compile import CompiledGraph
    from .state import State

#: Characters within which a change is announced; a value may be longer.
MOST_BEFORE_THE_VALUE: Final = 200
BEFORE: Final = r"^(?:(?:no|nope|sorry|wait|oops|oh|actually|correction|hold on|please)\b[\s,.:;!-]*)*"
VERBS: Final = (
    r"(?:(?:i(?:'d| would) like to|can you|could you|let'?s|i want to)\s+)?(?:change|set|make|update|correct|edit)"
)
LINK: Final = r"(?:\s+(?:to be|to|into|as|is|=)\s+|\s*[:=]\s*|\s+)"
SAID: Final = r"\s+(?:is|should be|must be|ought to be|has to be)(?:\s+(?:actually|rather|really))?\s+|\s*[:=]\s*"
THE: Final = r"(?:the\s+|my\s+|its\s+)?"


def _patterns(label: str) -> Iterator[re.Pattern[str]]:
    named = THE + r"\s+".join(map(re.escape, label.split()))
    yield re.compile(rf"{BEFORE}{VERBS}\s+{named}{LINK}(?P<value>\S.*)$", re.IGNORECASE | re.DOTALL)
    yield re.compile(rf"{BEFORE}{named}(?:{SAID})(?P<value>\S.*)$", re.IGNORECASE | re.DOTALL)
    yield re.compile(rf"{BEFORE}i meant (?P<value>\S.{{0,200}}?) (?:for|as) {named}[.!]?$", re.IGNORECASE)


def amended(around: Around, graph: CompiledGraph, state: State, text: str) -> Turn | None:
    """What becomes of a message that changes a value given earlier; None when it is no such message, or may not be."""
    found = _meant(graph, state, text)
    if found is None:
        return None
    settings = settings_of(around.bot.settings, graph.settings)
    if not settings.amend:
        return None
    name, value = found
    run = TaskRun(around, graph, replace(state, retries=0, offered=(), handed=None))
    node, step = run.heard(value, name)
    if not isinstance(step, Proceed) or step.unfit or ("entities", name) not in step.changes:
        around.trace.forget()
        return None
    if settings.after_amending == "resume":
        around.trace.end("done")
        return _resumed(around, graph, state, name, step)
    if settings.after_amending == "rerun_clear":
        run = TaskRun(around, graph, _cleared(graph, state, name))
    turn = run.go_on(node, replace(step, replies=(_changed(graph, name, step), *step.replies)))
    return turn.hiding(Turn(state, sensitive=graph.masks(name)))


def _meant(graph: CompiledGraph, state: State, text: str) -> tuple[str, str] | None:
    """The entity that a message names as wrong, and its value from now on; only one that has a value."""
    heard = text[:MOST_BEFORE_THE_VALUE].casefold()
    given = state.context.get("entities") or {}
    for label, name in graph.labels:
        if label not in heard or name == state.node or given.get(name) is None:
            continue
        for pattern in _patterns(label):
            if match := pattern.match(text.strip()):
                return name, match["value"].strip()
    return None


def _resumed(around: Around, graph: CompiledGraph, state: State, name: str, step: Proceed) -> Turn | None:
    """The question that was asked, once more, with the value changed."""
    context = Context(state.context, state.size)
    try:
        kept = {".".join(map(str, path)): context.put(path, value) for path, value in step.changes.items()}
    except ContextTooLarge:
        return None
    around.trace.changed(kept, sensitive=graph.masks(name))
    after = replace(state, context=kept_of(context.values), size=context.size)
    turn = TaskRun(around, graph, after, (_changed(graph, name, step),)).again()
    return turn.hiding(Turn(state, sensitive=graph.masks(name)))


def _changed(graph: CompiledGraph, name: str, step: Proceed) -> Reply:
    value = None if graph.masks(name) else step.changes[("entities", name)]
    return Reply(phrases.changed(graph.nodes[name].called_by_people, value))


def _cleared(graph: CompiledGraph, state: State, name: str) -> State:
    """The state without the values of what comes after an entity in its graph."""
    later = _after(graph, name)
    context = dict(state.context)
    for root in ("entities", "confirmations"):
        values = context.get(root) or {}
        context[root] = {key: value for key, value in values.items() if key not in later}
    return replace(state, context=context)


def _after(graph: CompiledGraph, name: str) -> set[str]:
    reached: set[str] = set()
    ahead = [name]
    while ahead:
        node = graph.nodes.get(ahead.pop())
        if node is None:
            continue
        led = [target for _, target in graph.ways.get(node.name, ()) if target]
        led += [target for _, target in node.targets()]
        led += [node.parent] if node.parent else []
        ahead += [target for target in led if target not in reached]
        reached.update(led)
    return reached - {name}
