"""*Test request*: a service node is tried while it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from integrations.api import CallRecord
from integrations.models import Action, Connection
from tests.dialogs.factories import task
from tests.dialogs.loopback import Loopback
from tests.dialogs.samples import creating
from tests.factories import ConnectionFactory, ProfileFactory, staff
from xoplatform.models import EndUser, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from xoplatform.models import App


@pytest.fixture
def provider(app: App, settings: Any) -> Iterator[Loopback]:
    """A provider on this machine, and the App's grant for it."""
    ConnectionFactory.create(action__app=app)
    with Loopback() as loopback:
        settings.XO_ATLASSIAN_API_URL = loopback.url
        yield loopback


@pytest.fixture
def address(app: App) -> str:
    return reverse("admin:app_canvas_test_request", args=[app.slug, task(app, creating()).pk])


READS = {
    "provider": "jira",
    "operation": "getProject",
    "parameters": {"projectIdOrKey": "{{context.entities.projectKey}}"},
}
CREATES = {
    "provider": "jira",
    "operation": "createIssue",
    "body": {"fields": {"summary": "{{context.entities.summary}}"}},
}
#: Session, user, App, role, task, end user, grant, record.
QUERIES = 8
SAMPLE = {"entities": {"projectKey": "DEMO", "summary": "Fire"}}


def send(client: Client, address: str, properties: dict[str, Any], **body: Any) -> Any:
    node = {"name": "ask", "kind": "service", "properties": properties}
    return client.post(address, {"node": node, "context": SAMPLE, **body}, content_type="application/json")


def test_it_shows_what_was_sent_and_what_came_back(signed_in: Client, address: str, provider: Loopback) -> None:
    told = send(signed_in, address, READS).json()
    assert (told["outcome"], told["status"], told["body"]) == ("answered", 200, {"key": "DEMO"})
    assert told["request"]["url"].endswith("/rest/api/3/project/DEMO")
    assert told["connection"]["owner"] == "the App"
    assert told["sample"] == {"title": "Status 200", "status": 200, "body": {"key": "DEMO"}}
    assert told["duration_ms"] > 0


def test_it_is_recorded_like_every_call(signed_in: Client, address: str, provider: Loopback) -> None:
    send(signed_in, address, READS)
    assert CallRecord.objects.get().reference == "test request"


def test_what_may_change_something_is_sent_only_when_that_is_confirmed(
    signed_in: Client, address: str, provider: Loopback
) -> None:
    refused = send(signed_in, address, CREATES)
    assert (refused.status_code, refused.json()["code"]) == (409, "request_changes")
    assert "“Create an issue” may change something, and it was not sent yet" in refused.json()["error"]
    assert provider.posts == 0
    assert send(signed_in, address, CREATES, confirmed=True).json()["status"] == 201
    assert provider.posts == 1


@pytest.mark.parametrize("confirmed", ["yes", 1, None, False])
def test_only_a_plain_true_confirms(signed_in: Client, address: str, provider: Loopback, confirmed: Any) -> None:
    assert send(signed_in, address, CREATES, confirmed=confirmed).status_code == 409
    assert provider.posts == 0


def test_a_free_request_is_tried_too(signed_in: Client, address: str, provider: Loopback, app: App) -> None:
    ProfileFactory(app=app, name="Key", type="api_key", client_id="", client_secret="hidden-key")
    url = f"{provider.url}/things/{{{{context.entities.projectKey}}}}"
    free = {"url": url, "profile": "Key", "pre_script": "console.log('before'); context.entities.projectKey = 'A B'"}
    answer = send(signed_in, address, free)
    assert answer.json()["logs"] == ["before"]
    assert provider.requests[0][1] == "/things/A%20B"
    assert "hidden-key" not in answer.content.decode()
    assert send(signed_in, address, {**free, "method": "PUT", "repeatable": True}).status_code == 409


def test_my_own_grant_is_the_one_of_talk_to_bot(
    signed_in: Client, address: str, provider: Loopback, app: App, developer: Any
) -> None:
    Action.objects.update(authorization_type=Action.AuthorizationType.ALLOW_USERS)
    assert send(signed_in, address, READS).json()["outcome"] == "authorization_required"
    mine = EndUser.objects.for_staff(app, developer)
    ConnectionFactory.create(action=Action.objects.get(), end_user=mine, account_name="Mine")
    assert send(signed_in, address, READS).json()["connection"]["account"] == "Mine"
    assert send(signed_in, address, READS, connection="app").json()["outcome"] == "authorization_required"


def test_what_did_not_come_back_is_said_in_words(signed_in: Client, address: str, provider: Loopback) -> None:
    Connection.objects.all().delete()
    told = send(signed_in, address, READS).json()
    assert (told["outcome"], told["status"], told["sample"]) == ("authorization_required", None, None)
    assert "Nothing was sent" in told["message"]


def test_an_answer_too_long_to_keep_is_no_sample(signed_in: Client, address: str, provider: Loopback) -> None:
    provider.on_get = lambda _path: (200, {"text": "x" * 20_000})
    told = send(signed_in, address, READS).json()
    assert told["sample"] is None
    assert "characters)" in told["body"]


def test_secrets_in_an_answer_are_not_shown(signed_in: Client, address: str, provider: Loopback) -> None:
    provider.on_get = lambda _path: (200, {"access_token": "hidden-token"})
    assert "hidden-token" not in send(signed_in, address, READS).content.decode()


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"operation": "getProject"}, "“provider” is missing"),
        ({"url": "https://example.com/{{context.nothing}}"}, "cannot be part of an address"),
        ({**READS, "pre_script": "nonsense()"}, "“pre_script” failed"),
    ],
)
def test_a_node_that_cannot_be_run_is_not_sent(
    signed_in: Client, address: str, properties: dict[str, Any], words: str
) -> None:
    answer = send(signed_in, address, properties)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_node")
    assert words in answer.json()["error"]


@pytest.mark.parametrize("body", [{"node": None}, {"node": {"name": "x"}}, {"context": []}, {"connection": "theirs"}])
def test_what_cannot_be_read_is_refused_in_words(signed_in: Client, address: str, body: dict[str, Any]) -> None:
    answer = send(signed_in, address, READS, **body)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_message")


def test_viewers_may_not(client: Client, app: App, address: str) -> None:
    client.force_login(staff(app, Role.VIEWER))
    assert send(client, address, READS).status_code == 403


def test_it_costs_few_queries(
    signed_in: Client, address: str, provider: Loopback, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    send(signed_in, address, READS)
    with django_assert_num_queries(QUERIES):
        send(signed_in, address, READS)
