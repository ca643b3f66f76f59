"""A task going on until it asks, waits, or ends, with the sub-dialogs that it starts on the way.

Nodes say what should happen; this is where it happens.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from dialogs.graph.model import END_OF_ACTION
from dialogs.nodes.asking import AskingNode
from dialogs.nodes.base import View
from dialogs.nodes.masking import Mask, texts_in
from dialogs.nodes.steps import (
    Ask,
    AwaitAuthorization,
    AwaitEvent,
    Call,
    Cancel,
    CheckAuthorization,
    Enter,
    Fail,
    GoTo,
    OpenWait,
    Proceed,
    Reply,
    Run,
    StartTask,
    Step,
    Tell,
)

from . import phrases
from .context import ContextTooLarge, clean_text, measured
from .pending import Pending, pending_for
from .place import Place
from .state import idle
from .trace import differences
from .turn import Turn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialogs.graph.model import Target
    from dialogs.nodes.base import NodeKind
    from dialogs.nodes.effects import Event

    from .around import Around
    from .compile import CompiledGraph
    from .state import State, Waiting
    from .turn import EndReason

#: Nodes that may follow each other without the person having a say, those of sub-dialogs among them.
MOST_STEPS: Final = 25
#: Calls and scripts that one node may ask for, one after the other, each time it is entered or answered.
MOST_ERRANDS: Final = 8
#: Steps after which it is the person's turn, that ask something of the outside, that pass by the transitions. Made
#: once: a union in `isinstance` is made each time.
WAITS: Final = (Ask, AwaitAuthorization, AwaitEvent)
ERRANDS: Final = (Call, Run, OpenWait, Tell)
#: Errands before which the step's own changes and replies are taken.
RUNS: Final = (Call, Run)
JUMPS: Final = (Enter, GoTo)
#: The kind of node that speaks and does not ask, unless its transitions look at what is said to it.
MESSAGE: Final = "message"
#: What a conversation waits for after the steps at which it stops.
WAITING: Final[Mapping[type[Step], Waiting]] = {
    Ask: "answer",
    AwaitAuthorization: "authorization",
    AwaitEvent: "event",
}


class TaskRun:
    """The course of one turn: through one graph, and through those of the sub-dialogs that it starts or returns to."""

    def __init__(self, around: Around, graph: CompiledGraph, state: State, said: Sequence[Reply] = ()) -> None:
        self._state, self._ports, self._trace, self._shared = state, around.ports, around.trace, around.shared
        self._now = around.ports.clock.now()
        self._place = Place(around, graph, state, self._now)
        if state.frames:
            self._trace.within(graph.name, len(state.frames))
        self._replies: list[Reply] = list(said)
        self._sensitive = False
        self._masks: list[Mask] = []
        #: Whether the step at hand may hold values that a sub-dialog masks.
        self._masked = False

    def start(self) -> Turn:
        """Begin at the root intent."""
        return self.go_on(self._place.graph.nodes[self._place.graph.start])

    def again(self) -> Turn:
        """Enter the waiting node once more, as after an authorization."""
        return self.go_on(self._place.graph.nodes[self._state.node], view=self._view_of_state())

    def heard(self, text: str, name: str = "") -> tuple[NodeKind, Step]:
        """What the waiting node makes of an answer, or another that once asked; `go_on` does it."""
        node = self._place.graph.nodes[name or self._state.node]
        self._note_sensitive(node)
        self._trace.begin(node)
        if not isinstance(node, AskingNode) and node.name in self._place.graph.listening:
            return node, Proceed()
        view = self._view_of_state()
        return node, self._performed(node, node.answer(text, view), view)

    def happened(self, event: Event) -> Turn:
        """Hand what came to the node that waits for it."""
        node = self._place.graph.nodes[self._state.node]
        self._trace.begin(node)
        self._trace.happened(event.kind)
        view = self._view_of_state()
        return self.go_on(node, node.happened(event, view), view)

    def go_on(self, node: NodeKind, step: Step | None = None, view: View | None = None) -> Turn:
        """Go on at a node: with a step of its own, whose trace has begun, or by entering it."""
        answered = step is not None
        for _ in range(MOST_STEPS):
            if step is None:
                self._trace.begin(node)
                view = view or self._view()
                step = node.enter(view)
            step = self._taken(node, self._performed(node, step, view))
            if not answered and self._listens(node, step):
                step = Ask()
            answered = False
            if isinstance(step, WAITS):
                self._trace.end("waiting")
                return self._wait(node, step)
            if isinstance(step, Cancel):
                self._trace.end("done")
                return self._end("canceled", phrases.canceled(self._place.graph.title))
            if isinstance(step, Fail):
                self._trace.end("failed", step.error)
                return self._end("failed", step.message)
            self._trace.end("done")
            self._masked = False
            if (onwards := self._onwards(node, step)) is None:
                return self._end("fulfilled")
            (node, step), view = onwards, None
        self._trace.begin(node)
        self._trace.end("failed", f"Before {node.name}: {MOST_STEPS} steps followed each other without a question.")
        return self._end("failed", phrases.went_in_circles(self._place.graph.title, MOST_STEPS))

    def _onwards(self, node: NodeKind, step: Step) -> tuple[NodeKind, Step | None] | None:
        """The node that comes next, in this task, in one that it starts, or in the one below; None at the end."""
        if isinstance(step, StartTask):
            return self._started(node, step)
        following = self._following(node, step)
        if following is not None:
            return following, None
        return self._returned() if self._place.frames else None

    def _started(self, node: NodeKind, step: StartTask) -> tuple[NodeKind, Step | None]:
        try:
            root = self._place.start(node, step)
        except ContextTooLarge:
            return node, self._no_room(node)
        self._trace.within(self._place.graph.name, len(self._place.frames))
        return root, None

    def _returned(self) -> tuple[NodeKind, Step]:
        inner, result = self._place.graph, self._place.context.values
        self._masked = bool(inner.masked)
        node = self._place.back()
        if node is None:
            return inner.nodes[inner.start], Fail(message=phrases.gone(""), error="The version below is gone.")
        self._trace.within(self._place.graph.name, len(self._place.frames))
        self._trace.begin(node)
        return node, node.returned(result, self._view())

    def _performed(self, node: NodeKind, step: Step, view: View | None = None) -> Step:
        """Do what a step asks of the outside, and what the node makes of the answer."""
        if isinstance(step, ERRANDS):
            step = self._after_errands(node, step, view or self._view())
        if isinstance(step, StartTask) and (obstacle := self._place.obstacle(step)):
            return Fail(
                message=phrases.not_started(node.called_by_people, obstacle),
                error=f"{node.name} cannot start the task “{step.task}” ({obstacle}).",
            )
        return self._checked(node) if isinstance(step, CheckAuthorization) else step

    def _after_errands(self, node: NodeKind, step: Step, view: View) -> Step:
        """What the node makes of the calls and scripts that it asks for, one after the other."""
        for _ in range(MOST_ERRANDS):
            if isinstance(step, RUNS) and (full := self._kept(node, step)):
                return full
            if isinstance(step, Call):
                hidden = self._secrets()
                request = replace(step.request, sensitive=hidden) if hidden else step.request
                result = self._ports.operations.call(request)
                self._trace.called(request, result)
                step = node.called(result, self._later(view, step.handed))
            elif isinstance(step, Run):
                ran = self._ports.scripts.run(step.code, self._place.context.values, step.timeout)
                self._trace.logged(ran.logs)
                self._shared.last(ran.lifetimes)
                step = node.ran(ran, self._later(view, step.handed))
            elif isinstance(step, OpenWait | Tell):
                step = self._outside(node, step, view)
            else:
                return step
        message = phrases.went_in_circles(self._place.graph.title, MOST_ERRANDS)
        return Fail(message=message, error=f"{node.name} asked for {MOST_ERRANDS} calls or scripts without an end.")

    def _outside(self, node: NodeKind, step: OpenWait | Tell, view: View) -> Step:
        """Open a wait, or pass the person's words on to where an open one leads."""
        if isinstance(step, Tell):
            result = self._ports.waits.tell(step.awaited, step.text)
            self._trace.exchanged(result)
            return node.told(result, view)
        opening = self._ports.waits.open(step.request, self._replies, sensitive=self._sensitive)
        if opening.result is not None:
            self._trace.exchanged(opening.result)
        return node.opened(opening, view)

    def _later(self, view: View, handed: Any) -> View:
        return replace(view, context=self._place.context.values, handed=handed)

    def _checked(self, node: NodeKind) -> Step:
        """Whether everything that the task calls can be called for this person."""
        for provider in self._place.graph.providers:
            standing = self._ports.authorizations.standing(provider)
            if standing.outcome == "authorization_required":
                return AwaitAuthorization(provider=provider, message=standing.message)
            if standing.outcome == "refused":
                return Fail(message=standing.message, error=f"{provider} cannot be called ({node.name}).")
        return Proceed()

    def _taken(self, node: NodeKind, step: Step) -> Step:
        """The step once its changes are made and its replies said; a failure where there is no room for them."""
        if full := self._kept(node, step):
            return full
        if not isinstance(step, WAITS):
            self._place.note(node)
        return step

    def _kept(self, node: NodeKind, step: Step) -> Fail | None:
        """Makes a step's changes and says its replies; a failure where there is no room for them."""
        try:
            self._change(node, step)
        except ContextTooLarge:
            return self._no_room(node)
        if step.decisions:
            self._trace.decided(step.decisions)
        if step.replies:
            self._replies += [_storable(reply) for reply in step.replies]
        return None

    def _no_room(self, node: NodeKind) -> Fail:
        error = f"The context would exceed 1024 KB at {node.name}."
        return Fail(message=phrases.too_large(node.called_by_people), error=error)

    def _change(self, node: NodeKind, step: Step) -> None:
        context = self._place.context
        if step.context is None and not step.changes:
            return
        kept = {".".join(map(str, path)): context.put(path, value) for path, value in step.changes.items()}
        if node.kind == "service":
            for path, response in kept.items():
                self._trace.responded(path, response["statusCode"], response["outcome"])
        else:
            told = {path: value for path, value in kept.items() if not path.startswith("userInputs.")}
            self._trace.changed(told, sensitive=self._place.graph.masks(node.name) or self._masked)
        if step.decisions and ("entities", node.name) in step.changes:
            # It was found in words that may have come just now.
            self._note_sensitive(node)
        if step.context is not None:
            before = context.values
            context.replace({**step.context, "history": self._place.history})
            self._trace.changed(differences(before, context.values))

    def _listens(self, node: NodeKind, step: Step) -> bool:
        """Whether what was said is to be followed by what the person says to it."""
        return isinstance(step, Proceed) and node.kind == MESSAGE and node.name in self._place.graph.listening

    def _following(self, node: NodeKind, step: Step) -> NodeKind | None:
        """The node of this task that comes next, or None at its end."""
        graph, values = self._place.graph, self._place.context.values
        if isinstance(step, JUMPS):
            target: Target = step.first if isinstance(step, Enter) else step.target
        else:
            target = graph.next(node.name, values)
            if node.parent and target in {None, END_OF_ACTION}:
                target = graph.next(node.parent, values)
        return None if target is None else graph.nodes.get(target)

    def _view(self) -> View:
        values, ports = self._place.context.values, self._ports
        familiar = self._place.graph.familiar
        return View(values, self._now, ports.scripts, self._state.turns, person=ports.person, familiar=familiar)

    def _view_of_state(self) -> View:
        """What the waiting node sees: with what it left when it began to wait."""
        state = self._state
        left = {"retries": state.retries, "offered": state.offered, "handed": state.handed}
        return replace(self._view(), **left, awaited=state.awaited, files=self._ports.files)

    def _wait(self, node: NodeKind, step: Ask | AwaitAuthorization | AwaitEvent) -> Turn:
        pending = Pending()
        if isinstance(step, AwaitAuthorization):
            pending = pending_for(step, Pending.of(self._state), self._ports)
            self._replies.append(_storable(pending.reply(self._now)))
        place = self._place
        state = self._state.having(
            task=place.task,
            path=place.at(node),
            waiting=WAITING[type(step)],
            retries=step.retries if isinstance(step, Ask) else 0,
            offered=step.offered if isinstance(step, Ask) else (),
            handed=None if isinstance(step, AwaitEvent) or not step.handed else measured(step.handed)[0],
            history=place.passed,
            size=place.size,
            context=place.kept(),
            authorization=pending.to_json(),
            event=step.awaited.to_json() if isinstance(step, AwaitEvent) else {},
            frames=place.frames,
            question={},
        )
        return self._turn(state, None)

    def _end(self, reason: EndReason, message: str = "") -> Turn:
        """The task is over, and with it those that wait for it to return."""
        if message:
            titles = self._place.outer_titles()
            self._replies.append(_storable(Reply(phrases.with_outer(message, titles))))
        return self._turn(idle(self._state, self._place.kept()), reason)

    def _turn(self, state: State, reason: EndReason | None) -> Turn:
        return Turn(
            state,
            tuple(self._replies),
            self._trace.to_json(),
            reason,
            self._sensitive,
            masks=tuple(self._masks),
            secrets=self._secrets(),
        )

    def _note_sensitive(self, node: NodeKind) -> None:
        """That this turn's message holds a sensitive value, if it is this node's."""
        if self._place.graph.masks(node.name):
            self._sensitive = True
            self._masks.append(_mask_of(node))

    def _secrets(self) -> tuple[tuple[str, str], ...]:
        """The sensitive values that the context holds, the longest first, with what is shown in their place."""
        graph, entities = self._place.graph, self._place.context.values.get("entities")
        if not graph.masked or not isinstance(entities, dict):
            return ()
        found = {
            text: _mask_of(graph.nodes[name]).value(text)
            for name in graph.masked
            for text in texts_in(entities.get(name))
        }
        return tuple(sorted(found.items(), key=lambda secret: -len(secret[0])))


def _mask_of(node: NodeKind) -> Mask:
    mask = getattr(node, "mask", None)
    return mask if isinstance(mask, Mask) else Mask()


def _storable(reply: Reply) -> Reply:
    """Words and data that came from elsewhere, fit for a store of JSON."""
    data = None if reply.data is None else measured(reply.data)[0]
    return Reply(clean_text(reply.text), reply.quick_replies, data)
