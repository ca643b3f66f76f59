"""A person without a grant talks to an App, gets a link, consents at the stand-in Atlassian, and the dialog goes on."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from dialogs import jobs
from dialogs.errors import QueueUnreachable, UnknownConversation
from dialogs.flows import bots, resume
from dialogs.flows.converse import Patience, post_message
from dialogs.flows.publish import publish
from dialogs.models import Conversation, Turn
from integrations.flows import authorize, holding, links
from integrations.models import Action, AuthorizationLink, Connection
from tests.dialogs.factories import task
from tests.dialogs.samples import creating, greeting
from tests.factories import ActionFactory, EndUserFactory
from tests.integrations.conftest import atlassian, sandbox, sandbox_process
from tests.integrations.grants import parameters

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable

    from dialogs.flows.perform import Answer
    from tests.sandbox import Sandbox
    from xoplatform.models import App, EndUser

__all__ = ["atlassian", "sandbox", "sandbox_process"]

pytestmark = pytest.mark.django_db(transaction=True)

#: Seconds after which a test that hangs fails.
SOON = 20


def texts(answer: Answer) -> list[str]:
    return [reply["text"] for reply in answer.replies]


def url(answer: Answer) -> str:
    return str(answer.replies[-1]["data"]["url"])


def consent(atlassian: Sandbox, address: str, person: str = "ada") -> str:
    """What a person does with a link; the code that its last page shows, if it shows one."""
    link = links.resolve(address.rstrip("/").rsplit("/", 1)[1])
    session: dict[str, Any] = {}
    begun = authorize.begin(link.action, session=session, link=link)
    attempt = authorize.finish(parameters(atlassian.consent(begun.url, person=person)), session=session)
    return holding.confirm(attempt)


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the conversations whose going on was queued."""
    found: list[str] = []
    monkeypatch.setattr("dialogs.receivers.enqueue", lambda _job, public_id: found.append(public_id))
    monkeypatch.setattr(
        jobs.resume_conversation, "apply_async", lambda kwargs, expires: found.append(kwargs["public_id"])
    )
    return found


@pytest.fixture
def action(app: App, atlassian: Sandbox, queued: list[str]) -> Action:
    """Jira, each person with a grant of their own, and a dialog task that creates an issue."""
    publish(task(app, creating()))
    found: Action = ActionFactory(app=app, enabled=True, authorization_type=Action.AuthorizationType.ALLOW_USERS)
    return found


@pytest.fixture
def ask(app: App, action: Action) -> Callable[..., Answer]:
    """Opens a conversation and comes to the call."""

    def asks(person: EndUser, summary: str = "Printer") -> Answer:
        first = post_message(app, person, "create an issue")
        return post_message(app, person, summary, conversation=first.conversation)

    return asks


def created(atlassian: Sandbox) -> list[str]:
    return [issue["summary"] for issue in atlassian.issues() if issue["summary"] in ("Printer", "Screen")]


def test_the_link_comes_with_the_reply_and_stays_the_same(
    app: App, person: EndUser, ask: Callable[..., Answer]
) -> None:
    answer = ask(person)
    assert answer.status == Conversation.Status.WAITING
    data = answer.replies[-1]["data"]
    assert (data["type"], data["provider"], data["code_needed"]) == ("authorization_required", "jira", True)
    assert data["url"] in answer.replies[-1]["text"]
    assert url(post_message(app, person, "hello", conversation=answer.conversation)) == data["url"]
    link = AuthorizationLink.objects.get()
    assert (link.end_user, link.reference) == (person, str(answer.conversation))


def test_the_code_typed_back_lets_the_dialog_go_on_in_the_same_turn(
    app: App, person: EndUser, ask: Callable[..., Answer], atlassian: Sandbox, queued: list[str]
) -> None:
    answer = ask(person)
    code = consent(atlassian, url(answer))
    assert "4 tries are left" in texts(post_message(app, person, "AAAAAA", conversation=answer.conversation))[0]
    done = post_message(app, person, code.lower(), conversation=answer.conversation)
    assert texts(done) == ["Created: answered DEMO-4"]
    assert (queued, created(atlassian)) == ([], ["Printer"])


def test_the_trace_tells_whose_rights_were_used_and_where(
    app: App, person: EndUser, ask: Callable[..., Answer], atlassian: Sandbox
) -> None:
    answer = ask(person)
    done = post_message(app, person, consent(atlassian, url(answer)), conversation=answer.conversation)
    step = next(step for step in done.trace["steps"] if step["node"] == "createIssue")
    row = Connection.objects.get()
    assert step["connection"] == {
        "id": row.pk,
        "owner": "this end user",
        "account": row.account_name,
        "site": "acme",
        "generation": row.generation,
        "refreshed": False,
    }


def test_two_conversations_that_wait_for_one_grant_both_go_on(
    app: App, person: EndUser, ask: Callable[..., Answer], atlassian: Sandbox, queued: list[str]
) -> None:
    one, two = ask(person, "Printer"), ask(person, "Screen")
    code = consent(atlassian, url(one))
    post_message(app, person, code, conversation=one.conversation)
    assert queued == [str(two.conversation)]
    jobs.resume_conversation(queued[0])
    assert sorted(created(atlassian)) == ["Printer", "Screen"]
    assert not Conversation.objects.filter(status=Conversation.Status.WAITING).exists()
    last = Turn.objects.filter(conversation__public_id=two.conversation).latest("number")
    assert (last.text, last.replies[0]["text"]) == ("", "Created: answered DEMO-5")


def test_a_mailed_link_sets_going_what_waits_in_the_chat(
    person: EndUser, action: Action, ask: Callable[..., Answer], atlassian: Sandbox, queued: list[str]
) -> None:
    answer = ask(person)
    _link, address = links.create(action, person, "mail")
    assert consent(atlassian, address) == ""
    assert queued == [str(answer.conversation)]
    jobs.resume_conversation(queued[0])
    assert created(atlassian) == ["Printer"]


def connect(action: Action, person: EndUser, atlassian: Sandbox, who: str = "ada") -> None:
    consent(atlassian, links.create(action, person, "mail")[1], who)


def test_news_that_comes_twice_makes_one_turn(
    person: EndUser, action: Action, ask: Callable[..., Answer], atlassian: Sandbox
) -> None:
    waiting = str(ask(person).conversation)
    jobs.resume_conversation(waiting)  # too early: nobody has authorized
    connect(action, person, atlassian)
    for _ in range(3):
        jobs.resume_conversation(waiting)
    assert Turn.objects.count() == 3
    assert created(atlassian) == ["Printer"]


def test_after_a_crash_or_a_restart_the_sweep_finds_what_waits_in_the_database(
    person: EndUser, ask: Callable[..., Answer], atlassian: Sandbox, queued: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_args: Any, **_kwargs: Any) -> None:
        raise QueueUnreachable

    waiting = str(ask(person).conversation)
    assert jobs.resume_waiting() == 0
    with monkeypatch.context() as patch:
        patch.setattr("dialogs.receivers.enqueue", unreachable)
        connect(Action.objects.get(), person, atlassian)
    bots.forget()  # as in a process that has just started
    assert jobs.resume_waiting() == 1
    assert queued == [waiting]
    jobs.resume_conversation(waiting)
    assert created(atlassian) == ["Printer"]
    assert jobs.resume_waiting() == 0


def test_a_consent_that_is_not_enough_is_told_once_with_a_new_link(
    person: EndUser, action: Action, ask: Callable[..., Answer], atlassian: Sandbox
) -> None:
    waiting = ask(person)
    connect(action, person, atlassian)
    Connection.objects.update(scopes=["read:me"])
    for _ in range(2):
        jobs.resume_conversation(str(waiting.conversation))
    assert Turn.objects.count() == 3
    told = Turn.objects.latest("number").replies[-1]
    assert "does not cover" in told["text"]
    assert told["data"]["url"] != url(waiting)
    assert jobs.resume_waiting() == 0


def test_what_was_canceled_meanwhile_stays_so(
    person: EndUser, action: Action, ask: Callable[..., Answer], atlassian: Sandbox, queued: list[str]
) -> None:
    waiting = ask(person).conversation
    post_message(action.app, person, "cancel", conversation=waiting)
    connect(action, person, atlassian)
    jobs.resume_conversation(str(waiting))
    assert (queued, created(atlassian), Turn.objects.count()) == ([], [], 3)


def test_another_task_is_asked_about_first(
    app: App, person: EndUser, ask: Callable[..., Answer], atlassian: Sandbox
) -> None:
    publish(task(app, greeting()))
    waiting = ask(person).conversation
    assert "Shall I drop it" in texts(post_message(app, person, "say hello", conversation=waiting))[0]
    answer = post_message(app, person, "yes", conversation=waiting)
    assert texts(answer)[1] == "What is your name?"
    assert answer.status == Conversation.Status.OPEN


def test_another_persons_grant_is_never_used(
    person: EndUser, action: Action, ask: Callable[..., Answer], atlassian: Sandbox, queued: list[str]
) -> None:
    waiting, app = ask(person), action.app
    other = EndUserFactory.create(app=app)
    connect(action, other, atlassian, "ada")
    assert queued == []
    assert jobs.resume_waiting() == 0
    jobs.resume_conversation(str(waiting.conversation))
    assert url(post_message(app, person, "done", conversation=waiting.conversation)) == url(waiting)
    assert created(atlassian) == []


def test_a_code_of_another_person_opens_nothing(
    app: App, person: EndUser, ask: Callable[..., Answer], atlassian: Sandbox
) -> None:
    mine, theirs = ask(person), ask(EndUserFactory.create(app=app))
    stolen = consent(atlassian, url(theirs))
    consent(atlassian, url(mine))
    said = post_message(app, person, stolen, conversation=mine.conversation)
    assert "That is not the code" in texts(said)[0]
    assert not Connection.objects.exists()


def test_a_message_at_the_same_time_as_the_news_creates_nothing_twice(
    app: App, person: EndUser, action: Action, ask: Callable[..., Answer], atlassian: Sandbox
) -> None:
    waiting = ask(person).conversation
    connect(action, person, atlassian)
    together = threading.Barrier(2, timeout=SOON)

    def says() -> Any:
        together.wait()
        return post_message(app, person, "done", conversation=waiting, patience=Patience(SOON))

    def resumes() -> Any:
        together.wait()
        return resume.resume_conversation(waiting, Patience(SOON))

    def in_thread(function: Callable[[], Any]) -> Any:
        try:
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(in_thread, says), pool.submit(in_thread, resumes)]:
            done.result(SOON)
    assert created(atlassian) == ["Printer"]
    told = [reply["text"] for turn in Turn.objects.order_by("number") for reply in turn.replies]
    assert told.count("Created: answered DEMO-4") == 1


class TestAnErasedPerson:
    def test_nothing_goes_on_for_them(
        self, person: EndUser, action: Action, ask: Callable[..., Answer], atlassian: Sandbox
    ) -> None:
        waiting = ask(person).conversation
        connect(action, person, atlassian)
        person.delete()
        jobs.resume_conversation(str(waiting))
        assert jobs.resume_waiting() == 0
        assert (created(atlassian), Conversation.objects.count()) == ([], 0)

    def test_a_turn_under_way_leaves_nothing_behind(
        self, app: App, person: EndUser, action: Action, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = post_message(app, person, "create an issue")
        erased = person.pk

        def leaves(*_args: Any) -> bool:
            type(person).objects.filter(pk=erased).delete()
            return True

        monkeypatch.setattr("dialogs.bridges.api.may_invite", leaves)
        with pytest.raises(UnknownConversation):
            post_message(app, person, "Printer", conversation=first.conversation)
        assert not AuthorizationLink.objects.exists()
        assert not Turn.objects.exists()


def test_the_apps_own_grant_in_error_is_told_without_a_link(
    app: App, person: EndUser, action: Action, ask: Callable[..., Answer]
) -> None:
    Action.objects.update(
        authorization_type=Action.AuthorizationType.PRE_AUTHORIZE, status=Action.Status.ERROR, error_reason="Gone."
    )
    Connection.objects.create(action=action, state=Connection.State.NEEDS_AUTHORIZATION)
    answer = ask(person)
    assert "A developer of the App can authorize it again under Actions." in texts(answer)[0]
    assert answer.replies[-1]["data"] is None
    assert not AuthorizationLink.objects.exists()


def test_a_thousand_that_wait_are_looked_through_in_a_few_queries(app: App, django_assert_max_num_queries: Any) -> None:
    person = EndUserFactory.create(app=app)
    state = {"task": "1", "path": ["x"], "waiting": "authorization", "authorization": {"provider": "jira"}}
    Conversation.objects.bulk_create(
        Conversation(app=app, end_user=person, status=Conversation.Status.WAITING, state=state) for _ in range(1000)
    )
    with django_assert_max_num_queries(4):
        assert resume.overdue() == []
    row: uuid.UUID = Conversation.objects.latest("pk").public_id
    Connection.objects.create(
        action=ActionFactory(app=app, enabled=True, authorization_type=Action.AuthorizationType.ALLOW_USERS),
        end_user=person,
    )
    assert len(resume.overdue()) == 1000
    assert row in resume.overdue()
