"""What happens around a call that must not be repeated: in parallel, and when the process dies."""

from __future__ import annotations

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.utils import timezone

from dialogs.errors import StillWorking, TookTooLong
from dialogs.flows.converse import Patience, post_message
from dialogs.flows.publish import publish
from dialogs.models import Conversation, Turn
from integrations.api import CallRecord
from tests.dialogs.factories import task
from tests.dialogs.samples import creating, greeting

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from dialogs.flows.perform import Answer
    from tests.dialogs.loopback import Loopback
    from xoplatform.models import App, EndUser

pytestmark = pytest.mark.django_db(transaction=True)

#: Seconds after which a test that hangs fails.
SOON = 20


def texts(answer: Answer) -> list[str]:
    return [reply["text"] for reply in answer.replies]


def in_thread(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return function(*args, **kwargs)
    finally:
        connections.close_all()


@pytest.fixture
def asked(app: App, person: EndUser, provider: Loopback) -> uuid.UUID:
    """A conversation in which the next message creates an issue."""
    publish(task(app, creating()))
    return post_message(app, person, "create an issue").conversation


def test_two_messages_at_once_are_answered_one_after_the_other(app: App, person: EndUser) -> None:
    publish(task(app, greeting()))
    first = post_message(app, person, "say hello")
    together = threading.Barrier(2, timeout=SOON)

    def say(text: str) -> Answer:
        together.wait()
        return post_message(app, person, text, conversation=first.conversation)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda text: in_thread(say, text), ("Ada", "Bo")))
    greeted = [text for answer in answers for text in texts(answer) if text.startswith("Nice to meet you")]
    assert len(greeted) == 1
    assert sorted(Turn.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_the_first_message_delivered_twice_at_once_opens_one_conversation(app: App, person: EndUser) -> None:
    publish(task(app, greeting()))
    together = threading.Barrier(2, timeout=SOON)

    def say(_number: int) -> Answer:
        together.wait()
        return post_message(app, person, "say hello", client_message_id="m1")

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda number: in_thread(say, number), range(2)))
    assert answers[0] == answers[1]
    assert Turn.objects.count() == 1


def test_a_message_during_a_create_waits_and_nothing_is_created_twice(
    app: App, person: EndUser, provider: Loopback, asked: uuid.UUID
) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def slowly(_path: str) -> tuple[int, Any]:
        arrived.set()
        go_on.wait(SOON)
        return 201, {"key": "DEMO-7"}

    provider.on_post = slowly
    with ThreadPoolExecutor(2) as pool:
        creating_it = pool.submit(in_thread, post_message, app, person, "Printer", conversation=asked)
        assert arrived.wait(SOON)
        with pytest.raises(StillWorking):
            post_message(app, person, "hello?", conversation=asked, patience=Patience(limit=0))
        waiting = pool.submit(
            in_thread, post_message, app, person, "hello?", conversation=asked, patience=Patience(SOON)
        )
        go_on.set()
        assert texts(creating_it.result(SOON)) == ["Created: answered DEMO-7"]
        waiting.result(SOON)
    assert provider.posts == 1
    assert list(Turn.objects.order_by("number").values_list("text", flat=True)) == [
        "create an issue",
        "Printer",
        "hello?",
    ]


def test_the_same_message_delivered_again_during_a_create_gets_the_same_answer(
    app: App, person: EndUser, provider: Loopback, asked: uuid.UUID
) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def slowly(_path: str) -> tuple[int, Any]:
        arrived.set()
        go_on.wait(SOON)
        return 201, {"key": "DEMO-7"}

    provider.on_post = slowly
    message = {"conversation": asked, "client_message_id": "m2", "patience": Patience(SOON)}
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(in_thread, post_message, app, person, "Printer", **message)
        assert arrived.wait(SOON)
        two = pool.submit(in_thread, post_message, app, person, "Printer", **message)
        go_on.set()
        assert one.result(SOON) == two.result(SOON)
    assert provider.posts == 1


def test_a_turn_that_was_overtaken_before_its_create_is_computed_again(
    app: App, person: EndUser, provider: Loopback, asked: uuid.UUID
) -> None:
    def meanwhile(_path: str) -> tuple[int, Any]:
        if not Turn.objects.filter(text="cancel").exists():
            post_message(app, person, "cancel", conversation=asked)
        connections.close_all()
        return 200, {"key": "DEMO"}

    provider.on_get = meanwhile
    answer = post_message(app, person, "create an issue", conversation=asked)
    assert texts(answer) == ["What is it about?"]
    assert provider.posts == 0


def test_a_turn_that_outlived_its_claim_does_not_overwrite_what_was_told_meanwhile(
    app: App, person: EndUser, provider: Loopback, asked: uuid.UUID
) -> None:
    def meanwhile(_path: str) -> tuple[int, Any]:
        Conversation.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
        told.append(texts(post_message(app, person, "hello?", conversation=asked)))
        connections.close_all()
        return 201, {"key": "DEMO-7"}

    told: list[list[str]] = []
    provider.on_post = meanwhile
    with pytest.raises(TookTooLong, match="Nothing is done twice"):
        post_message(app, person, "Printer", conversation=asked)
    assert "its answer was lost" in told[0][0]
    assert provider.posts == 1
    assert list(Turn.objects.order_by("number").values_list("text", flat=True)) == [
        "create an issue",
        "Printer",
        "hello?",
    ]


class TestWhenTheProcessDies:
    @pytest.fixture(autouse=True)
    def died(self, app: App, person: EndUser, provider: Loopback, asked: uuid.UUID) -> None:
        """A process is killed while the provider works on its create."""
        arrived = threading.Event()

        def never(_path: str) -> tuple[int, Any]:
            arrived.set()
            child_is_gone.wait(SOON)
            return 201, {}

        child_is_gone = threading.Event()
        provider.on_post = never
        connections.close_all()
        child = os.fork()
        if child == 0:
            try:
                post_message(app, person, "Printer", conversation=asked, client_message_id="m2")
            finally:
                os._exit(1)
        assert arrived.wait(SOON)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        child_is_gone.set()

    def the_claim_runs_out(self) -> None:
        Conversation.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))

    def test_others_are_told_to_wait_as_long_as_its_claim_holds(
        self, app: App, person: EndUser, asked: uuid.UUID
    ) -> None:
        with pytest.raises(StillWorking, match="still working on your last message"):
            post_message(app, person, "hello?", conversation=asked, patience=Patience(limit=0))

    def test_the_next_message_first_hears_what_is_unknown_and_nothing_is_repeated(
        self, app: App, person: EndUser, provider: Loopback, asked: uuid.UUID
    ) -> None:
        self.the_claim_runs_out()
        answer = post_message(app, person, "create an issue", conversation=asked, client_message_id="m3")
        notice, outcome, next_question = texts(answer)
        assert "“Printer”" in notice
        assert "“Create an issue”, and its answer was lost" in notice
        assert outcome.startswith("Not sure: unknown")
        assert next_question == "What is it about?"
        assert provider.posts == 1
        assert CallRecord.objects.get(operation="createIssue").status == CallRecord.Status.STARTED

    def test_what_it_created_is_looked_for_and_told(
        self, app: App, person: EndUser, provider: Loopback, asked: uuid.UUID
    ) -> None:
        self.the_claim_runs_out()
        fields = {"summary": "Printer", "project": {"key": "DEMO"}, "issuetype": {"name": "Task"}}
        made = timezone.now().strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        issue = {"id": "7", "key": "DEMO-7", "fields": {**fields, "created": made}}
        provider.on_search = lambda _path: (200, {"issues": [issue]})
        notice, _outcome = texts(post_message(app, person, "Printer", conversation=asked, client_message_id="m2"))
        assert "I looked in JIRA: “Create an issue” was carried out" in notice
        (step,) = [step for step in Turn.objects.latest("pk").trace["steps"] if step["node"] == "createIssue"]
        assert step["reconciled"]["found"] == {"id": "7", "key": "DEMO-7"}
        assert provider.posts == 1

    def test_the_message_itself_delivered_again_is_answered_from_the_finished_turn(
        self, app: App, person: EndUser, provider: Loopback, asked: uuid.UUID
    ) -> None:
        self.the_claim_runs_out()
        answer = post_message(app, person, "Printer", conversation=asked, client_message_id="m2")
        assert len(texts(answer)) == 2
        assert post_message(app, person, "Printer", conversation=asked, client_message_id="m2") == answer
        assert provider.posts == 1
        assert Turn.objects.count() == 2

    def test_an_answer_that_was_recorded_before_the_end_is_used(
        self, app: App, person: EndUser, provider: Loopback, asked: uuid.UUID
    ) -> None:
        self.the_claim_runs_out()
        CallRecord.objects.filter(operation="createIssue").update(
            status=CallRecord.Status.SUCCEEDED, http_status=201, response={"status": 201, "body": {"key": "DEMO-9"}}
        )
        answer = post_message(app, person, "Printer", conversation=asked, client_message_id="m2")
        assert texts(answer)[1] == "Created: answered DEMO-9"
        assert provider.posts == 1

    def test_a_dialog_that_cannot_go_on_does_not_keep_the_conversation_shut(
        self, app: App, person: EndUser, asked: uuid.UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.the_claim_runs_out()

        def broken(*_args: Any) -> Any:
            raise RuntimeError

        with monkeypatch.context() as patch:
            patch.setattr("dialogs.flows.perform.take_turn", broken)
            answer = post_message(app, person, "Printer", conversation=asked, client_message_id="m2")
        assert "I could not go on" in texts(answer)[1]
        assert texts(post_message(app, person, "create an issue", conversation=asked)) == ["What is it about?"]
