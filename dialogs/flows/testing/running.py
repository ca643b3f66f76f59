"""Running tests against the drafts as they are now. Nothing leaves the process."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from dialogs.bridges import scripts
from dialogs.engine.ports import Event, Person, Ports
from dialogs.engine.state import State
from dialogs.engine.turns import event, resume, take_turn
from dialogs.errors import BadTest
from dialogs.flows.recording import OF_PERSON
from dialogs.flows.uses import KIND
from dialogs.graph.problems import InvalidGraph
from dialogs.models import DialogTest, Node

from .drafts import Drafts
from .judging import judge
from .script import check_turns
from .stand_ins import Canned, Doors, Rights, StoppedClock, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dialogs.engine.bot import Bot
    from dialogs.engine.turn import Turn
    from dialogs.models import DialogTask
    from xoplatform.models import App


@dataclass(frozen=True)
class Outcome:
    """How a test went. ``error`` says why it could not be run at all; ``turns`` hold findings as JSON."""

    test: DialogTest
    passed: bool
    turns: list[dict[str, Any]] = field(default_factory=list)
    error: str = ""
    duration_ms: int = 0

    @property
    def first(self) -> str:
        """The first thing that is not as expected, in a sentence."""
        if self.error:
            return self.error
        for number, turn in enumerate(self.turns, start=1):
            for row in turn["findings"]:
                if not row["passed"]:
                    return f"Turn {number}, {row['what']}: expected “{row['expected']}”, got “{row['got']}”."
        return ""

    def to_json(self) -> dict[str, Any]:
        return {"turns": self.turns, "error": self.error, "duration_ms": self.duration_ms}


def run(test: DialogTest, drafts: Drafts | None = None, *, keep: bool = True) -> Outcome:
    """Runs one test; ``keep`` stores how it went with the test."""
    started = time.perf_counter()
    try:
        check_turns(test.turns)
        turns = _run(test, (drafts or Drafts(test.app)).bot(test.task))
        passed = all(row["passed"] for turn in turns for row in turn["findings"])
        outcome = Outcome(test, passed, turns, "", round((time.perf_counter() - started) * 1000))
    except (BadTest, InvalidGraph) as error:
        outcome = Outcome(test, passed=False, error=error.message)
    if keep:
        status = DialogTest.Status.PASSED if outcome.passed else DialogTest.Status.FAILED
        test.status, test.result, test.ran_at = status, outcome.to_json(), timezone.now()
        # Not `save`: how a test went is no edit of it.
        DialogTest.objects.filter(pk=test.pk).update(status=status, result=test.result, ran_at=test.ran_at)
    return outcome


def run_all(app: App, task: DialogTask | None = None, *, keep: bool = True) -> list[Outcome]:
    """Runs the App's tests; with a task those that try it, alone, among all others, or as a part of another one."""
    rows = DialogTest.objects.filter(app=app).select_related("task", "app").order_by("name")
    if task is not None:
        within = Node.objects.filter(task__app=app, kind=KIND, properties__task=task.name).values("task")
        rows = rows.filter(Q(task=task) | Q(task=None) | Q(task__in=within))
    drafts = Drafts(app)
    return [run(row, drafts, keep=keep) for row in rows]


def failures_of(task: DialogTask) -> list[dict[str, Any]]:
    """The tests that the draft of a task fails, as {id, name, first}; one query where there are no tests."""
    return [
        {"id": outcome.test.pk, "name": outcome.test.name, "first": outcome.first}
        for outcome in run_all(task.app, task)
        if not outcome.passed
    ]


def _run(test: DialogTest, bot: Bot) -> list[dict[str, Any]]:
    state, told = State(), []
    told_of = test.setting.get("person")
    known = told_of.items() if isinstance(told_of, dict) else ()
    person = Person(**{key: str(value) for key, value in known if key in OF_PERSON})
    for entry in test.turns:
        canned, doors = Canned(entry.get("calls") or ()), Doors(entry.get("openings") or ())
        turn = _turn(bot, state, entry, _ports(entry, canned, doors, person))
        findings = [finding.to_json() for finding in judge(entry.get("expect") or {}, turn, canned, doors)]
        told.append({"say": entry["say"], "findings": findings, "replies": [reply.text for reply in turn.replies]})
        # As in the product: what cannot be stored does not outlive a turn.
        state = State.from_json(turn.state.to_json())
    return told


def _turn(bot: Bot, state: State, entry: Mapping[str, Any], ports: Ports) -> Turn:
    if entry.get("event"):
        return event(bot, state, Event(**entry["event"]), ports)
    return resume(bot, state, ports) if entry["say"] is None else take_turn(bot, state, entry["say"], ports)


def _ports(entry: Mapping[str, Any], canned: Canned, doors: Doors, person: Person) -> Ports:
    now = moment(entry.get("at"), timezone.now())
    rights = Rights(entry.get("standings") or {}, now)
    return Ports(canned, scripts(), StoppedClock(now), rights, person, doors, files=tuple(entry.get("files") or ()))


def passed(outcomes: Iterable[Outcome]) -> int:
    """How many passed."""
    return sum(outcome.passed for outcome in outcomes)
