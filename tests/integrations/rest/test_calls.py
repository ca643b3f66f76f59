"""Operations over the API: described, called with the right grant, recorded, and never doubled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from integrations.catalog import registry
from integrations.models import Action, OperationCall
from tests.api import assert_problem, base
from tests.factories import ActionFactory, AppFactory, ConnectionFactory, EndUserFactory, staff
from xoplatform.models import EndUser, KeptAnswer

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from rest_framework.test import APIClient

    from integrations.models import Connection
    from tests.integrations.grants import Grants
    from tests.sandbox import Sandbox
    from xoplatform.models import App

ISSUE = {"body": {"fields": {"project": {"key": "DEMO"}, "issuetype": {"name": "Task"}, "summary": "From the API"}}}


@pytest.fixture
def connection(app: App, grants: Grants) -> Connection:
    return grants.connect(ActionFactory(app=app, enabled=True))


def call(api: Any, app: App, operation: str, body: Any = None, **more: Any) -> Any:
    return api.post(f"{base(app)}/providers/jira/operations/{operation}/call/", body or {}, **more)


# --- Described ------------------------------------------------------------------------------------


def test_providers_are_listed(api: APIClient, app: App) -> None:
    (found,) = api.get(f"{base(app)}/providers/").json()["items"]
    assert found == api.get(f"{base(app)}/providers/jira/").json()
    assert (found["name"], found["vendor"]) == ("jira", "Atlassian")


def test_every_operation_comes_with_its_schemas(api: APIClient, app: App) -> None:
    found = api.get(f"{base(app)}/providers/jira/operations/").json()["items"]
    assert {one["operation_id"] for one in found} == set(registry.provider("jira").operations)
    assert api.get(f"{base(app)}/providers/jira/operations/getIssue/").json()["parameters"]["required"]


@pytest.mark.parametrize("path", ["providers/nothing/", "providers/nothing/operations/"])
def test_an_unknown_provider_is_not_there(path: str, api: APIClient, app: App) -> None:
    assert_problem(api.get(f"{base(app)}/{path}"), 404, "unknown_provider")


def test_an_unknown_operation_is_not_there(api: APIClient, app: App) -> None:
    assert_problem(api.get(f"{base(app)}/providers/jira/operations/fly/"), 404, "unknown_operation")
    assert_problem(call(api, app, "fly"), 404, "unknown_operation")


# --- Called ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_app_creates_an_issue(api: APIClient, app: App, connection: Connection, sandbox: Sandbox) -> None:
    found = call(api, app, "createIssue", ISSUE).json()
    assert (found["outcome"], found["status"]) == ("answered", 201)
    issue = sandbox.issue(found["body"]["key"])
    assert issue is not None
    assert OperationCall.objects.get(pk=found["call_id"]).status == "succeeded"


@pytest.mark.django_db(transaction=True)
def test_the_same_request_creates_one_issue(api: APIClient, app: App, connection: Connection, sandbox: Sandbox) -> None:
    before = len(sandbox.issues())
    answers = [call(api, app, "createIssue", ISSUE, headers={"Idempotency-Key": "k"}).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(sandbox.issues()) == before + 1


@pytest.mark.django_db(transaction=True)
def test_a_call_whose_answer_was_lost_on_the_way_is_not_sent_again(
    api: APIClient, app: App, connection: Connection, sandbox: Sandbox
) -> None:
    call(api, app, "createIssue", ISSUE, headers={"Idempotency-Key": "k"})
    KeptAnswer.objects.all().delete()  # as if the process had died before it could keep the answer
    before = len(sandbox.issues())
    assert_problem(call(api, app, "createIssue", ISSUE, headers={"Idempotency-Key": "k"}), 409, "call_sent_before")
    assert len(sandbox.issues()) == before


def test_nobody_acts_with_the_grant_of_another(api: APIClient, app: App) -> None:
    action = ActionFactory(app=app, enabled=True, authorization_type="allow_users")
    person, stranger = EndUserFactory(app=app), EndUserFactory(app=app)
    ConnectionFactory(action=action, end_user=stranger)
    found = call(api, app, "getCurrentUser", {"end_user_id": person.pk}).json()
    assert found["outcome"] == "authorization_required"


def test_a_key_that_led_to_nothing_may_be_used_again(api: APIClient, app: App) -> None:
    ActionFactory(app=app, enabled=True)
    first = call(api, app, "createIssue", ISSUE, headers={"Idempotency-Key": "k"}).json()
    assert first["outcome"] == "authorization_required"
    assert not KeptAnswer.objects.exists()


def test_parameters_that_do_not_fit_are_refused(api: APIClient, app: App) -> None:
    ConnectionFactory(action__app=app)
    found = call(api, app, "getIssue", {"parameters": {"wrong": 1}}).json()
    assert found["outcome"] == "refused"
    assert found["message"]


def test_a_disabled_action_calls_nothing(api: APIClient, app: App) -> None:
    ConnectionFactory(action=ActionFactory(app=app, status=Action.Status.DISABLED))
    assert call(api, app, "getIssue", {"parameters": {"issueIdOrKey": "DEMO-1"}}).json()["outcome"] == "refused"


def test_a_person_of_another_app_is_not_there(api: APIClient, app: App) -> None:
    stranger = EndUserFactory(app=AppFactory())
    assert_problem(call(api, app, "getIssue", {"end_user_id": stranger.pk}), 404, "not_found")


@pytest.mark.parametrize("seconds", [0, 61, "soon"])
def test_a_time_that_is_too_long_or_short_is_named(seconds: Any, api: APIClient, app: App) -> None:
    assert_problem(call(api, app, "getIssue", {"timeout": seconds}), 400, "invalid", "/timeout")


def test_staff_do_not_act_for_other_people(app: App) -> None:
    browser = Client()
    user = staff(app)
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    body = {"end_user_id": EndUserFactory(app=app).pk}
    assert_problem(call(browser, app, "getIssue", body, content_type="application/json"), 403, "not_allowed")
    own = {"end_user_id": EndUser.objects.for_staff(app, user).pk}
    assert call(browser, app, "getIssue", own, content_type="application/json").status_code == 200


# --- Recorded -------------------------------------------------------------------------------------


def record(app: App, **fields: Any) -> OperationCall:
    values = {"provider": "jira", "operation": "getIssue", "method": "GET", "status": "succeeded", **fields}
    return OperationCall.objects.create(app=app, **values)


@pytest.mark.parametrize(
    ("query", "count"), [("status=failed", 1), ("operation=getIssue", 2), ("provider=other", 0), ("reference=c1", 1)]
)
def test_the_record_can_be_narrowed(query: str, count: int, api: APIClient, app: App) -> None:
    record(app, reference="c1")
    record(app, status="failed")
    record(AppFactory())
    assert len(api.get(f"{base(app)}/operation-calls/?{query}").json()["items"]) == count


def test_the_record_can_be_read_from_a_time_on(api: APIClient, app: App) -> None:
    row = record(app)
    after = row.created_at.isoformat().replace("+00:00", "Z")
    assert len(api.get(f"{base(app)}/operation-calls/?after={after}").json()["items"]) == 1
    assert api.get(f"{base(app)}/operation-calls/?before={after}").json()["items"] == []


def test_one_call_shows_what_was_sent_and_received(api: APIClient, app: App) -> None:
    row = record(app, request={"method": "GET"}, response={"status": 200})
    found = api.get(f"{base(app)}/operation-calls/{row.pk}/").json()
    assert (found["request"], found["response"]) == ({"method": "GET"}, {"status": 200})


def test_a_call_of_another_app_is_not_there(api: APIClient, app: App) -> None:
    assert_problem(api.get(f"{base(app)}/operation-calls/{record(AppFactory()).pk}/"), 404, "not_found")


def test_the_record_is_read_page_by_page(
    api: APIClient, app: App, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = {record(app).pk for _ in range(5)}
    first = api.get(f"{base(app)}/operation-calls/?limit=3").json()
    with django_assert_num_queries(2):
        second = api.get(first["next"]).json()
    assert {one["id"] for one in first["items"] + second["items"]} == rows


def test_a_cursor_of_ones_own_making_is_refused(api: APIClient, app: App) -> None:
    record(app)
    assert_problem(api.get(f"{base(app)}/operation-calls/?cursor=cD1hYmM="), 400, "bad_cursor")
