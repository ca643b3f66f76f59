"""Where a conversation of the tables is kept between its turns: as JSON alone, or in rows."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from django.utils import timezone

from dialogs.engine import Bot, Event, Opening, Ports, State, compile_graph, event, resume, take_turn
from dialogs.flows import arrivals, author, event_settings, events
from dialogs.flows.converse import post_message
from dialogs.flows.publish import publish
from dialogs.flows.resume import resume_conversation
from dialogs.flows.testing.stand_ins import Canned, Rights, StoppedClock
from dialogs.models import Conversation, Turn, Wait
from dialogs.nodes.effects import Awaited
from dialogs.nodes.person import Person
from tests.dialogs.engine.stand_ins import SCRIPTS
from tests.factories import AppFactory, ConnectionFactory, EndUserFactory, ProfileFactory

from .courses import Came, elsewhere, judge_calls, result_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    import pytest

    from dialogs.engine import OperationResult, Reply, WaitRequest
    from dialogs.engine import Turn as EngineTurn
    from tests.dialogs.receiver import Received, Receiver

    from .courses import Case


class Storage(Protocol):
    def take(self, turn: Mapping[str, Any]) -> Came:
        """What comes of the next turn. Fails where its calls were not made as the table says."""


class Answers(Canned):
    """A table's answers to calls, each for one; what a turn stores of its calls is nothing."""

    def __init__(self, turn: Mapping[str, Any]) -> None:
        super().__init__([{**call, "result": asdict(result_of(call))} for call in turn.get("calls", ())])
        self.records: list[Any] = []
        self.journal: list[Any] = []


def _rights(turn: Mapping[str, Any]) -> Rights:
    return Rights(turn.get("standings", {}), datetime.now(UTC))


def _passed(turn: Mapping[str, Any]) -> timedelta:
    return timedelta(minutes=turn.get("later", 0))


@dataclass
class Outside:
    """Everybody whom dialogs of the tables call: answers in the order of the table."""

    answers: deque[Mapping[str, Any]]
    sent: list[Any] = field(default_factory=list)

    def open(self, request: WaitRequest, said: Sequence[Reply], *, sensitive: bool) -> Opening:
        awaited = Awaited("wait-1", request.kind, datetime.now(UTC) + timedelta(seconds=request.timeout), "https://x/f")
        if request.kind == "form":
            return Opening(awaited)
        self.sent.append(request.data.get("body", request.data.get("data")))
        result = result_of(self.answers.popleft())
        is_open = result.status_code == 202 or (request.kind == "agent" and result.status_code == 200)
        return Opening(awaited if is_open else None, result)

    def tell(self, awaited: Awaited, text: str) -> OperationResult:
        self.sent.append(text)
        return result_of(self.answers.popleft())


class Memory:
    """The engine alone; between two turns there is nothing but a text of JSON."""

    def __init__(self, case: Case) -> None:
        self.bot = Bot({f"{each['name']}/1": compile_graph(each) for each in case.documents})
        self.person = Person(**case.person)
        self.now = case.at or datetime.now(UTC)
        self.stored = "{}"

    def take(self, turn: Mapping[str, Any]) -> Came:
        state = State.from_json(json.loads(self.stored))
        self.now += _passed(turn)
        canned, outside = Answers(turn), Outside(deque(turn.get("outside", ())))
        files = tuple(turn.get("files", ()))
        ports = Ports(canned, SCRIPTS, StoppedClock(self.now), _rights(turn), self.person, outside, files=files)
        taken = self._taken(turn, state, ports)
        self.stored = json.dumps(taken.state.to_json())
        judge_calls(turn, canned)
        assert not outside.answers
        replies = json.loads(json.dumps([reply.to_json() for reply in taken.replies]))
        kept = taken.kept(turn.get("say") or "", SCRIPTS)
        after = State.from_json(json.loads(self.stored))
        return Came(replies, after, taken.trace, kept, outside.sent, taken.end_reason)

    def _taken(self, turn: Mapping[str, Any], state: State, ports: Ports) -> EngineTurn:
        if "event" in turn:
            happened = Event(state.event["id"], turn["event"]["kind"], turn["event"].get("data"))
            return event(self.bot, state, happened, ports)
        return take_turn(self.bot, state, turn["say"], ports) if "say" in turn else resume(self.bot, state, ports)


class Rows:
    """The product's own doors and tables, on whichever database the tests use; only calls of providers are answered."""

    def __init__(self, case: Case, receiver: Receiver, patch: pytest.MonkeyPatch) -> None:
        self.app = AppFactory.create()
        self.person = EndUserFactory.create(app=self.app, **case.person)
        ProfileFactory.create(app=self.app, name="Words")
        event_settings.save_desk(self.app, f"{receiver.url}/desk")
        for document in case.documents:
            publish(author.create_task(self.app, elsewhere(document, receiver.url)))
        self.receiver, self.patch = receiver, patch
        self.conversation: uuid.UUID | None = None
        patch.setattr("dialogs.flows.arrivals.enqueue", lambda _job, **_arguments: None)
        patch.setattr("dialogs.flows.desk.enqueue", lambda _job, **_arguments: None)
        self.now = case.at or datetime.now(UTC)
        patch.setattr("dialogs.flows.perform.SystemClock", lambda: StoppedClock(self.now))

    def take(self, turn: Mapping[str, Any]) -> Came:
        self.now += _passed(turn)
        canned, answers = Answers(turn), deque(turn.get("outside", ()))
        received: list[Any] = []

        def answer(request: Received) -> tuple[int, Any]:
            received.append(request.json.get("text") if request.json["type"] == "message" else request.json["data"])
            result = result_of(answers.popleft())
            return result.status_code or 500, result.body

        self.receiver.answer = answer
        self.patch.setattr("dialogs.flows.perform.Caller", lambda *_: canned)
        self.patch.setattr("dialogs.flows.perform.Rights", lambda *_, **__: _rights(turn))
        said = self._taken(turn)
        judge_calls(turn, canned)
        assert not answers
        row = Conversation.objects.get(app=self.app)
        stored = Turn.objects.filter(conversation=row).latest("number")
        replies = stored.replies if said is None else said
        return Came(replies, State.from_json(row.state), stored.trace, stored.text, received)

    def _taken(self, turn: Mapping[str, Any]) -> list[dict[str, Any]] | None:
        """The replies as they were said, where somebody said something."""
        if "event" in turn:
            self._happened(turn["event"])
        elif "say" not in turn:
            ConnectionFactory.create(action__app=self.app)
            assert self.conversation is not None
            assert resume_conversation(self.conversation) is not None
        else:
            files = tuple(turn.get("files", ()))
            answer = post_message(self.app, self.person, turn["say"], conversation=self.conversation, files=files)
            self.conversation = answer.conversation
            return answer.replies
        return None

    def _happened(self, about: Mapping[str, Any]) -> None:
        wait = Wait.objects.select_related("conversation").get(conversation__app=self.app, status=Wait.Status.OPEN)
        if about["kind"] == "expired":
            Wait.objects.filter(pk=wait.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
            assert events.end_expired() == 1
        else:
            arrivals.keep(wait, about["kind"], about.get("data"))
        assert self.conversation is not None
        assert len(events.take_arrivals(self.conversation)) == 1
