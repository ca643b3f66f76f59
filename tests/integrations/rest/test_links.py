"""Authorization links over the API: made, told once, watched, confirmed and revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from integrations.flows import links
from integrations.flows.links.states import WORDS
from integrations.models import Action, AuditEntry, AuthorizationLink
from tests.api import assert_problem, base
from tests.factories import ActionFactory, AppFactory, EndUserFactory

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from rest_framework.test import APIClient

    from xoplatform.models import App, EndUser


@pytest.fixture
def action(app: App) -> Action:
    return ActionFactory(app=app, enabled=True, authorization_type="allow_users")


@pytest.fixture
def person(app: App) -> EndUser:
    return EndUserFactory(app=app)


def made(api: APIClient, app: App, person: EndUser, **fields: Any) -> Any:
    body = {"provider": "jira", "end_user_id": person.pk, **fields}
    return api.post(f"{base(app)}/authorization-links/", body)


def test_a_link_is_told_once(api: APIClient, app: App, action: Action, person: EndUser) -> None:
    answer = made(api, app, person)
    assert answer.status_code == 201
    token = answer.json()["address"].rstrip("/").rpartition("/")[2]
    assert links.resolve(token).end_user == person
    again = api.get(answer.headers["Location"])
    assert "address" not in again.json()
    assert token not in again.content.decode()


def test_a_link_needs_a_code_unless_the_channel_vouches(
    api: APIClient, app: App, action: Action, person: EndUser
) -> None:
    assert made(api, app, person).json()["code_needed"] is True
    assert made(api, app, person, vouched=True).json()["code_needed"] is False


def test_a_link_sent_by_mail_is_told_nobody(api: APIClient, app: App, action: Action, person: EndUser) -> None:
    found = made(api, app, person, delivery="mail").json()
    assert (found["state"], found["address"]) == ("waiting", None)


def test_the_key_that_asked_stands_in_the_audit(api: APIClient, app: App, action: Action, person: EndUser) -> None:
    made(api, app, person)
    made(api, app, person, delivery="mail")
    entries = AuditEntry.objects.filter(verb="link_created")
    assert {(one.actor_name, one.actor) for one in entries} == {("API key tests", None)}


def test_the_same_request_makes_one_link(api: APIClient, app: App, action: Action, person: EndUser) -> None:
    body = {"provider": "jira", "end_user_id": person.pk}
    answers = [
        api.post(f"{base(app)}/authorization-links/", body, headers={"Idempotency-Key": "once"}) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert AuthorizationLink.objects.count() == 1


def test_a_person_without_an_address_gets_no_mail(api: APIClient, app: App, action: Action) -> None:
    answer = made(api, app, EndUserFactory(app=app, email=""), delivery="mail")
    assert_problem(answer, 409, "no_mail_address")


def test_where_the_apps_grant_serves_everybody_nobody_needs_a_link(api: APIClient, app: App, person: EndUser) -> None:
    ActionFactory(app=app, enabled=True)
    assert_problem(made(api, app, person), 409, "links_not_used")


def test_an_action_that_is_not_enabled_makes_no_link(api: APIClient, app: App, person: EndUser) -> None:
    assert_problem(made(api, app, person), 409, "action_not_enabled")


def test_a_person_of_another_app_is_not_there(api: APIClient, app: App, action: Action) -> None:
    assert_problem(made(api, app, EndUserFactory(app=AppFactory())), 404, "not_found")
    assert not AuthorizationLink.objects.exists()


def test_a_way_that_nobody_knows_is_named(api: APIClient, app: App, action: Action, person: EndUser) -> None:
    assert_problem(made(api, app, person, delivery="pigeon"), 400, "invalid", "/delivery")


def test_a_revoked_link_opens_nothing(api: APIClient, app: App, action: Action, person: EndUser) -> None:
    link = made(api, app, person).json()
    assert api.post(f"{base(app)}/authorization-links/{link['id']}/revoke/").json()["state"] == "revoked"


def test_a_link_of_another_app_is_not_there(api: APIClient, app: App) -> None:
    elsewhere = ActionFactory(app=AppFactory(), enabled=True, authorization_type="allow_users")
    link, _address = links.create(elsewhere, EndUserFactory(app=elsewhere.app), "api")
    assert_problem(api.get(f"{base(app)}/authorization-links/{link.pk}/"), 404, "not_found")
    assert_problem(api.post(f"{base(app)}/authorization-links/{link.pk}/revoke/"), 404, "not_found")


def test_a_wrong_code_connects_nothing(api: APIClient, app: App, action: Action, person: EndUser) -> None:
    link, _address = links.create(action, person, "api")
    links.new_code(link)
    answer = api.post(f"{base(app)}/authorization-links/{link.pk}/confirm/", {"code": "000000"})
    assert "4 more" in assert_problem(answer, 409, "link_code_refused")["detail"]


@pytest.mark.parametrize("word", WORDS)
def test_links_are_found_by_the_word_they_show(
    word: str, api: APIClient, app: App, action: Action, person: EndUser
) -> None:
    revoked = made(api, app, person).json()["id"]
    api.post(f"{base(app)}/authorization-links/{revoked}/revoke/")
    made(api, app, person)
    made(api, app, person, delivery="mail")
    found = api.get(f"{base(app)}/authorization-links/?state={word}").json()["items"]
    assert [one["state"] for one in found] == ([word] if word in {"revoked", "given", "waiting"} else [])


def test_the_list_costs_the_same_whatever_its_length(
    api: APIClient, app: App, action: Action, person: EndUser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(6):
        made(api, app, person)
    with django_assert_num_queries(2):
        assert len(api.get(f"{base(app)}/authorization-links/").json()["items"]) == 6


# --- Rounds ---------------------------------------------------------------------------------------


def test_a_round_of_links_tells_how_far_it_is(api: APIClient, app: App, action: Action, person: EndUser) -> None:
    links.prepare(links.request_batch(action).pk)
    (found,) = api.get(f"{base(app)}/link-batches/").json()["items"]
    assert (found["done"], found["progress"]["total"], found["progress"]["waiting"]) == (False, 1, 1)
    assert api.get(f"{base(app)}/link-batches/{found['id']}/").json() == found


def test_a_round_of_another_app_is_not_there(api: APIClient, app: App) -> None:
    elsewhere = ActionFactory(app=AppFactory(), enabled=True, authorization_type="allow_users")
    batch = links.request_batch(elsewhere)
    assert_problem(api.get(f"{base(app)}/link-batches/{batch.pk}/"), 404, "not_found")


def test_rounds_cost_the_same_however_many(
    api: APIClient, app: App, action: Action, person: EndUser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(4):
        links.request_batch(action, [person])
    api.get(f"{base(app)}/link-batches/")
    with django_assert_num_queries(3):
        assert len(api.get(f"{base(app)}/link-batches/").json()["items"]) == 4
