from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from dialogs.flows import retention
from dialogs.flows.converse import post_message
from dialogs.flows.traces import PAGE, Search, find_turns
from dialogs.jobs import prune_traces
from dialogs.models import Turn
from integrations.models import Connection, OperationCall
from tests.dialogs.factories import ConversationFactory, TurnFactory, task
from tests.dialogs.samples import creating
from tests.factories import AppFactory, EndUserFactory, staff
from xoplatform.models import Role

if TYPE_CHECKING:
    from django.test import Client

    from tests.dialogs.loopback import Loopback
    from xoplatform.models import App, EndUser


def turn(app: App, text: str = "hello", name: str = "Ada", **fields: Any) -> Turn:
    person = EndUserFactory.create(app=app, name=name)
    created: Turn = TurnFactory.create(conversation=ConversationFactory.create(end_user=person), text=text, **fields)
    return created


def step(node: str = "ask", **fields: Any) -> dict[str, Any]:
    return {"steps": [{"node": node, "kind": "entity", "status": "done", "duration_ms": 1, **fields}]}


def found(app: App, **asked: Any) -> list[str]:
    return [one.text for one in find_turns(app, Search(**asked))]


@pytest.fixture
def called(app: App, person: EndUser, provider: Loopback) -> Turn:
    """The turn that read a project and created an issue."""
    first = post_message(app, person, "create an issue", draft=True, focus=task(app, creating()))
    post_message(app, person, "Printer", conversation=first.conversation)
    return Turn.objects.get(number=2)


@pytest.mark.parametrize(
    "asked",
    [
        {"text": "PRINTER"},
        {"text": "müde"},
        {"text": "logged words"},
        {"node": "createIssue"},
        {"operation": "createIssue"},
        {"status": "failed"},
        {"connection": "17"},
        {"person": "grace"},
        {"since": timezone.now() - timedelta(hours=1)},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_a_turn_is_found_by_what_happened_in_it(app: App, asked: dict[str, Any]) -> None:
    old = turn(app, "other", trace=step("createIssueService", operation="getIssue", connection={"id": 1, "site": "x"}))
    long_ago = timezone.now() - timedelta(days=3)
    Turn.objects.filter(pk=old.pk).update(created_at=long_ago)
    trace = step(
        "createIssue",
        status="failed",
        operation="createIssue",
        connection={"id": 17, "site": "a"},
        logs=["Logged words"],
    )
    turn(app, "Printer", "Grace", trace=trace, replies=[{"text": "Ich bin müde"}])
    assert found(app, **asked) == ["Printer"]


def test_a_node_is_not_found_by_a_part_of_its_name(app: App) -> None:
    turn(app, trace=step("createIssueService"))
    assert found(app, node="createIssue") == []
    assert found(app, node="createIssueService") == ["hello"]


def test_all_that_is_asked_must_fit(app: App) -> None:
    turn(app, "one", trace=step("a"))
    turn(app, "two", trace=step("b"))
    assert found(app, text="o", node="b") == ["two"]
    assert found(app, until=timezone.now() - timedelta(days=1)) == []


def test_other_apps_turns_are_never_found(app: App, signed_in: Client) -> None:
    other = turn(AppFactory.create(), "secret plan")
    assert found(app) == []
    assert signed_in.get(reverse("admin:app_trace", args=[app.slug, other.pk])).status_code == 404


@pytest.mark.parametrize("text", ['"', "%", "_", "\\", "'; drop table", '{"a"'])
def test_signs_with_a_meaning_are_looked_for_as_they_are(app: App, text: str) -> None:
    turn(app, f"say {text} please")
    turn(app, "nothing of it")
    assert found(app, text=text) == [f"say {text} please"]


def page(client: Client, app: App, **query: Any) -> str:
    return client.get(reverse("admin:app_traces", args=[app.slug]), query).content.decode()


def test_the_page_lists_turns_with_their_nodes(app: App, signed_in: Client) -> None:
    turn(app, "create an issue", trace=step("createIssueService", status="failed", operation="createIssue"))
    body = page(signed_in, app)
    assert "create an issue" in body
    assert "createIssueService" in body
    assert "failed" in body


def test_an_empty_page_says_why(app: App, signed_in: Client) -> None:
    assert "last seven days" in page(signed_in, app)
    assert "No turn fits" in page(signed_in, app, text="x")
    assert "is no date and time" in page(signed_in, app, since="yesterday")
    assert "There is no such status" in page(signed_in, app, status="odd")
    assert "named by its number" in page(signed_in, app, connection="x")


@pytest.mark.parametrize("odd", ["\0", "9" * 40, "-1", "\ud800", "٣", "%s", "{{"])
@pytest.mark.parametrize("name", ["text", "node", "connection", "person", "since", "before", "status"])
def test_whatever_is_asked_gets_a_page(app: App, signed_in: Client, name: str, odd: str) -> None:
    query = urlencode({name: odd.encode("utf-8", "surrogatepass")})
    url = reverse("admin:app_traces", args=[app.slug])
    assert signed_in.get(f"{url}?{query}").status_code == 200


def test_older_turns_are_a_page_away(app: App, signed_in: Client) -> None:
    conversation = ConversationFactory.create(end_user=EndUserFactory.create(app=app))
    rows = [Turn(conversation=conversation, number=n, text=f"message {n} end") for n in range(1, PAGE + 3)]
    Turn.objects.bulk_create(rows)
    body = page(signed_in, app)
    assert "message 3 end" in body
    assert "message 2 end" not in body
    first = Turn.objects.get(number=3).pk
    assert f"before={first}" in body
    assert "message 2 end" in page(signed_in, app, before=str(first))


def test_the_page_makes_the_same_number_of_queries_for_one_turn_and_for_many(
    app: App, signed_in: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    turn(app)
    page(signed_in, app)
    with django_assert_max_num_queries(40) as few:
        page(signed_in, app)
    for number in range(5):
        turn(app, str(number), trace=step())
    with django_assert_num_queries(len(few.captured_queries)):
        page(signed_in, app)


def test_a_trace_shows_whose_connection_which_site_and_generation(called: Turn, app: App, signed_in: Client) -> None:
    connection = Connection.objects.get()
    body = signed_in.get(reverse("admin:app_trace", args=[app.slug, called.pk])).content.decode()
    assert reverse("admin:integrations_connection_change", args=[connection.pk]) in body
    assert connection.site_name in body
    assert f"token generation {connection.generation}" in body
    assert "not renewed for this call" in body
    assert "Context changes" in body
    assert "entities.summary" in body


def test_a_trace_leads_to_its_calls_and_a_call_to_its_trace(called: Turn, app: App, signed_in: Client) -> None:
    trace = reverse("admin:app_trace", args=[app.slug, called.pk])
    body = signed_in.get(trace).content.decode()
    calls = OperationCall.objects.filter(part="2")
    assert {call.operation for call in calls} == {"getProject", "createIssue"}
    for call in calls:
        address = reverse("admin:integrations_operationcall_change", args=[call.pk])
        assert address in body
        assert trace in signed_in.get(address).content.decode()


def test_a_conversation_leads_to_each_of_its_traces(called: Turn, app: App, signed_in: Client) -> None:
    conversation = reverse("admin:dialogs_conversation_change", args=[called.conversation_id])
    assert reverse("admin:app_trace", args=[app.slug, called.pk]) in signed_in.get(conversation).content.decode()
    assert conversation in signed_in.get(reverse("admin:app_trace", args=[app.slug, called.pk])).content.decode()


def test_a_trace_costs_a_fixed_number_of_queries(
    called: Turn, app: App, signed_in: Client, django_assert_max_num_queries: Any
) -> None:
    url = reverse("admin:app_trace", args=[app.slug, called.pk])
    signed_in.get(url)
    with django_assert_max_num_queries(14):
        signed_in.get(url)


def test_a_renewed_token_is_told_in_the_trace(app: App, person: EndUser, provider: Loopback, monkeypatch: Any) -> None:
    from integrations.flows import call
    from integrations.flows.refresh import AccessToken

    fresh = AccessToken(Connection.objects.get().access_token, 9, None)
    monkeypatch.setattr(call, "access_token", lambda *_args, **_kwargs: fresh)
    Connection.objects.update(expires_at=timezone.now())
    first = post_message(app, person, "create an issue", draft=True, focus=task(app, creating()))
    answer = post_message(app, person, "Printer", conversation=first.conversation)
    told = [one["connection"] for one in answer.trace["steps"] if "connection" in one]
    assert [(one["generation"], one["refreshed"]) for one in told] == [(9, True), (9, True)]


def test_no_secret_is_shown(app: App, signed_in: Client) -> None:
    row = turn(app, trace=step(request={"headers": {"Authorization": "Bearer abc"}, "method": "POST"}))
    body = signed_in.get(reverse("admin:app_trace", args=[app.slug, row.pk])).content.decode()
    assert "POST" in body
    assert "Bearer abc" not in body


def test_a_viewer_sees_traces_and_a_stranger_does_not(app: App, client: Client) -> None:
    row = turn(app)
    client.force_login(staff(app, Role.VIEWER))
    assert client.get(reverse("admin:app_trace", args=[app.slug, row.pk])).status_code == 200
    client.force_login(staff(AppFactory.create()))
    assert client.get(reverse("admin:app_trace", args=[app.slug, row.pk])).status_code == 404


def test_old_traces_are_emptied_and_what_was_said_stays(called: Turn, settings: Any) -> None:
    long_ago = timezone.now() - timedelta(days=31)
    Turn.objects.update(created_at=long_ago)
    OperationCall.objects.update(created_at=long_ago)
    assert prune_traces()["turns"] == 2
    assert set(prune_traces().values()) == {0}
    called.refresh_from_db()
    assert (called.text, called.trace, called.record) == ("Printer", {}, None)
    assert all(call.response == {} and call.request == {} for call in OperationCall.objects.all())


def test_young_traces_stay_and_all_do_where_the_setting_says_so(called: Turn, settings: Any) -> None:
    assert prune_traces()["turns"] == 0
    Turn.objects.update(created_at=timezone.now() - timedelta(days=3000))
    settings.XO_TRACE_DAYS = 0
    assert retention.cutoff() is None
    assert prune_traces()["turns"] == 0
