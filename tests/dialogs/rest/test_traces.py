"""Traces over the API: found, read, and free of secrets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from dialogs.flows.converse import post_message
from dialogs.flows.publish import publish
from dialogs.models import Turn
from tests.api import assert_problem, client_of
from tests.dialogs.factories import ConversationFactory, TurnFactory
from xoplatform.models import Scope

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from rest_framework.test import APIClient

    from dialogs.models import DialogTask
    from xoplatform.models import App, EndUser

LINK = "https://xo.example/authorize/" + "a" * 43 + "/"


@pytest.fixture
def talked(task: DialogTask, person: EndUser) -> None:
    publish(task)
    said = post_message(person.app, person, "greet me")
    post_message(person.app, person, "Ada", conversation=said.conversation)


@pytest.mark.usefixtures("talked")
def test_turns_are_found_by_what_happened_in_them(api: APIClient, root: str, person: EndUser) -> None:
    found = {
        query: [one["text"] for one in api.get(f"{root}/traces/?{query}").json()["items"]]
        for query in ("", "text=ada", "node=answer", "operation=createIssue", f"person={person.external_id}")
    }
    assert found == {
        "": ["Ada", "greet me"],
        "text=ada": ["Ada"],
        "node=answer": ["Ada"],
        "operation=createIssue": [],
        f"person={person.external_id}": ["Ada", "greet me"],
    }


@pytest.mark.usefixtures("talked")
def test_a_turn_is_read_with_its_steps(api: APIClient, root: str) -> None:
    row = api.get(f"{root}/traces/?text=Ada").json()["items"][0]
    trace = api.get(f"{root}/traces/{row['id']}/").json()
    assert [step["node"] for step in trace["steps"]] == ["person", "answer"]
    assert (trace["replies"], trace["calls"]) == (["Nice to meet you, Ada."], [])


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("status=odd", "/status"),
        ("connection=x", "/connection"),
        ("since=soon", "/since"),
        ("until=0001-01-01T00:00:00Z", "/until"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(query: str, pointer: str, api: APIClient, root: str) -> None:
    assert_problem(api.get(f"{root}/traces/?{query}"), 400, "invalid", pointer)


def test_older_turns_follow_and_the_cost_stays_the_same(
    api: APIClient, root: str, person: EndUser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    api.get(f"{root}/traces/")
    conversation = ConversationFactory(end_user=person)
    TurnFactory.create_batch(2, conversation=conversation)
    with django_assert_num_queries(3):
        assert len(api.get(f"{root}/traces/").json()["items"]) == 2
    TurnFactory.create_batch(58, conversation=conversation)
    with django_assert_num_queries(3):
        first = api.get(f"{root}/traces/").json()
    second = api.get(first["next"]).json()
    assert [len(first["items"]), len(second["items"]), second["next"]] == [50, 10, None]


def test_a_week_is_looked_through_unless_more_is_asked_for(api: APIClient, root: str, person: EndUser) -> None:
    turn = TurnFactory(conversation=ConversationFactory(end_user=person))
    Turn.objects.filter(pk=turn.pk).update(created_at=timezone.now() - timedelta(days=30))
    assert api.get(f"{root}/traces/").json()["items"] == []
    assert len(api.get(f"{root}/traces/?since=2020-01-01T00:00:00Z").json()["items"]) == 1


def test_links_and_secrets_are_not_told(api: APIClient, root: str, person: EndUser) -> None:
    step = {"node": "n", "request": {"headers": {"Authorization": "Bearer hidden-token"}}, "logs": [LINK]}
    turn = TurnFactory(
        conversation=ConversationFactory(end_user=person),
        replies=[{"text": f"Open {LINK}"}],
        trace={"steps": [step]},
    )
    for path in ("traces/", f"traces/{turn.pk}/"):
        told = api.get(f"{root}/{path}").content.decode()
        assert "a" * 43 not in told
        assert "hidden-token" not in told


def test_a_trace_of_another_app_does_not_exist(api: APIClient, root: str) -> None:
    assert_problem(api.get(f"{root}/traces/{TurnFactory().pk}/"), 404, "not_found")


def test_a_key_that_may_only_read_reads_traces(app: App, root: str) -> None:
    assert client_of(app, [Scope.READ]).get(f"{root}/traces/").status_code == 200
    assert_problem(client_of(app, [Scope.CHAT], "chat").get(f"{root}/traces/"), 403, "not_allowed")
