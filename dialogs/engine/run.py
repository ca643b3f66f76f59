"""One task going on until it asks, waits, or ends. Nodes say what should happen; this is where it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dialogs.graph.model import END_OF_ACTION
from dialogs.nodes.base import View
from dialogs.nodes.steps import (
    Ask,
    AwaitAuthorization,
    Call,
    CheckAuthorization,
    Enter,
    Fail,
    GoTo,
    Proceed,
    Reply,
    Run,
    Step,
)

from . import phrases
from .context import Context, ContextTooLarge, clean_text, measured
from .history import MOST_ENTRIES, compact, entry, expanded
from .pending import Pending, pending_for
from .state import State
from .trace import differences
from .turn import Turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialogs.graph.model import Target
    from dialogs.nodes.base import NodeKind

    from .compile import CompiledGraph
    from .ports import Ports
    from .trace import Trace
    from .turn import EndReason

#: Nodes that may follow each other without the person having a say.
MOST_STEPS: Final = 25


class TaskRun:
    """The course of one turn through one graph."""

    def __init__(
        self, graph: CompiledGraph, state: State, ports: Ports, trace: Trace, said: Sequence[Reply] = ()
    ) -> None:
        self._graph, self._state, self._ports, self._trace = graph, state, ports, trace
        self._now = ports.clock.now()
        self._history = expanded(state.history, graph.nodes)
        self._context = Context(state.context, state.size)
        self._context.values["history"] = self._history
        self._replies: list[Reply] = list(said)
        self._sensitive = False

    def start(self) -> Turn:
        """Begin at the root intent."""
        return self._go_on(self._graph.nodes[self._graph.start])

    def again(self) -> Turn:
        """Enter the waiting node once more, as after an authorization."""
        return self._go_on(self._graph.nodes[self._state.node])

    def answer(self, text: str) -> Turn:
        """Hand an answer to the waiting node."""
        node = self._graph.nodes[self._state.node]
        self._sensitive = _is_sensitive(node)
        self._trace.begin(node)
        step = node.answer(text, self._view(self._state.retries, self._state.offered))
        return self._go_on(node, step)

    def _go_on(self, node: NodeKind, step: Step | None = None) -> Turn:
        for _ in range(MOST_STEPS):
            if step is None:
                self._trace.begin(node)
                step = node.enter(self._view())
            step = self._taken(node, self._performed(node, step))
            if isinstance(step, Ask | AwaitAuthorization):
                self._trace.end("waiting")
                return self._wait(node, step)
            if isinstance(step, Fail):
                self._trace.end("failed", step.error)
                return self._end("failed", step.message)
            self._trace.end("done")
            following = self._following(node, step)
            if following is None:
                return self._end("fulfilled")
            node, step = following, None
        self._trace.begin(node)
        self._trace.end("failed", f"Before {node.name}: {MOST_STEPS} steps followed each other without a question.")
        return self._end("failed", phrases.went_in_circles(self._graph.title, MOST_STEPS))

    def _performed(self, node: NodeKind, step: Step) -> Step:
        """Do what a step asks of the outside, and what the node makes of the answer."""
        if isinstance(step, Call):
            result = self._ports.operations.call(step.request)
            self._trace.called(step.request, result)
            return node.called(result, self._view())
        if isinstance(step, Run):
            ran = self._ports.scripts.run(step.code, self._context.values, step.timeout)
            self._trace.logged(ran.logs)
            return node.ran(ran, self._view())
        return self._checked(node) if isinstance(step, CheckAuthorization) else step

    def _checked(self, node: NodeKind) -> Step:
        """Whether everything that the task calls can be called for this person."""
        for provider in self._graph.providers:
            standing = self._ports.authorizations.standing(provider)
            if standing.outcome == "authorization_required":
                return AwaitAuthorization(provider=provider, message=standing.message)
            if standing.outcome == "refused":
                return Fail(message=standing.message, error=f"{provider} cannot be called ({node.name}).")
        return Proceed()

    def _taken(self, node: NodeKind, step: Step) -> Step:
        """The step once its changes are made and its replies said; a failure where there is no room for them."""
        try:
            self._change(node, step)
        except ContextTooLarge:
            limit = "The context would exceed 1024 KB"
            return Fail(message=phrases.too_large(node.called_by_people), error=f"{limit} at {node.name}.")
        self._replies += [_storable(reply) for reply in step.replies]
        if not isinstance(step, Ask | AwaitAuthorization):
            self._note(node)
        return step

    def _change(self, node: NodeKind, step: Step) -> None:
        kept = {".".join(map(str, path)): self._context.put(path, value) for path, value in step.changes.items()}
        if node.kind == "service":
            for path, response in kept.items():
                self._trace.responded(path, response["statusCode"], response["outcome"])
        else:
            self._trace.changed(kept, sensitive=_is_sensitive(node))
        if isinstance(step, Proceed) and step.context is not None:
            before = self._context.values
            self._context.replace({**step.context, "history": self._history})
            self._trace.changed(differences(before, self._context.values))

    def _note(self, node: NodeKind) -> None:
        self._history = [*self._history, entry(node, int(self._now.timestamp() * 1000))][-MOST_ENTRIES:]
        self._context.values = {**self._context.values, "history": self._history}

    def _following(self, node: NodeKind, step: Step) -> NodeKind | None:
        """The node that comes next, or None at the end of the task."""
        values = self._context.values
        if isinstance(step, Enter | GoTo):
            target: Target = step.first if isinstance(step, Enter) else step.target
        else:
            target = self._graph.next(node.name, values)
            if node.parent and target in {None, END_OF_ACTION}:
                target = self._graph.next(node.parent, values)
        return None if target is None else self._graph.nodes.get(target)

    def _view(self, retries: int = 0, offered: tuple[str, ...] = ()) -> View:
        return View(self._context.values, self._now, self._ports.scripts, self._state.turns, retries, offered)

    def _wait(self, node: NodeKind, step: Ask | AwaitAuthorization) -> Turn:
        pending = Pending()
        if isinstance(step, AwaitAuthorization):
            pending = pending_for(step, Pending.of(self._state), self._ports)
            self._replies.append(_storable(pending.reply(self._now)))
        state = State(
            task=self._state.task,
            path=(node.parent, node.name) if node.parent else (node.name,),
            waiting="answer" if isinstance(step, Ask) else "authorization",
            retries=step.retries if isinstance(step, Ask) else 0,
            offered=step.offered if isinstance(step, Ask) else (),
            turns=self._state.turns + 1,
            history=compact(self._history),
            size=self._context.size,
            context={key: value for key, value in self._context.values.items() if key != "history"},
            authorization=pending.to_json(),
        )
        return self._turn(state, None)

    def _end(self, reason: EndReason, message: str = "") -> Turn:
        if message:
            self._replies.append(_storable(Reply(message)))
        return self._turn(idle(self._state, self._context.values), reason)

    def _turn(self, state: State, reason: EndReason | None) -> Turn:
        return Turn(state, tuple(self._replies), self._trace.to_json(), reason, self._sensitive)


def idle(state: State, context: Mapping[str, Any]) -> State:
    """The state between two tasks: of the context only the session outlives a task."""
    session = context.get("session")
    if not session:
        return State(turns=state.turns + 1)
    kept = {"session": session}
    return State(turns=state.turns + 1, context=kept, size=measured(kept)[1])


def _storable(reply: Reply) -> Reply:
    """Words and data that came from elsewhere, fit for a store of JSON."""
    data = None if reply.data is None else measured(reply.data)[0]
    return Reply(clean_text(reply.text), reply.quick_replies, data)


def _is_sensitive(node: NodeKind) -> bool:
    return bool(getattr(node, "sensitive", False))
