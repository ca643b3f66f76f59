"""End users by REST: found or added by the channel's id, changed, erased, and given tokens for their browser."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from tests.api import assert_problem, base, client_of, client_with
from tests.factories import EndUserFactory
from xoplatform import people, person_tokens
from xoplatform.models import App, EndUser, Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries
    from rest_framework.test import APIClient

PEOPLE = "/api/v1/apps/helpdesk/end-users/"
ADA = {"external_id": "visitor-17", "email": "ada@example.com", "name": "Ada Ames"}


@pytest.fixture
def api(app: App) -> APIClient:
    return client_of(app, [Scope.PEOPLE], name="people")


@pytest.fixture
def chat(app: App) -> APIClient:
    return client_of(app, [Scope.CHAT], name="chat")


@pytest.fixture
def ada(app: App) -> EndUser:
    return EndUserFactory(app=app, **ADA)


def test_an_unknown_person_is_added(chat: APIClient) -> None:
    answer = chat.post(PEOPLE, ADA)
    assert (answer.status_code, chat.get(answer.headers["Location"]).json()["name"]) == (201, "Ada Ames")


def test_a_known_person_is_found_and_keeps_what_is_not_sent(chat: APIClient, ada: EndUser) -> None:
    answer = chat.post(PEOPLE, {"external_id": "visitor-17", "name": "Ada A."})
    assert (answer.status_code, answer.json()["id"]) == (200, ada.pk)
    assert (answer.json()["name"], answer.json()["email"]) == ("Ada A.", "ada@example.com")


def test_the_same_id_in_another_app_is_another_person(chat: APIClient) -> None:
    theirs = EndUserFactory(app=App.objects.get(slug="elsewhere"), external_id="visitor-17")
    assert chat.post(PEOPLE, ADA).json()["id"] != theirs.pk


def test_two_who_add_the_same_person_at_once_find_one(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looked before the first had stored the person."""
    known = EndUserFactory(app=app, **ADA)
    monkeypatch.setattr(type(EndUser.objects.none()), "first", lambda _rows: None)
    assert people.upsert(app, "visitor-17", name="Other") == (known, False)


def test_ids_of_staff_who_try_the_app_are_not_given(chat: APIClient) -> None:
    assert_problem(chat.post(PEOPLE, {"external_id": "staff:1"}), 422, "id_of_staff")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/external_id"),
        ({"external_id": ""}, "/external_id"),
        ({"external_id": "x" * 201}, "/external_id"),
        ({"external_id": "a", "email": "nowhere"}, "/email"),
        ({"external_id": "a", "locale": "x" * 21}, "/locale"),
    ],
)
def test_the_field_at_fault_is_named(body: dict[str, Any], pointer: str, chat: APIClient) -> None:
    assert_problem(chat.post(PEOPLE, body), 400, "invalid", pointer)


def test_people_are_found_by_the_channels_id_or_their_e_mail(chat: APIClient, ada: EndUser) -> None:
    EndUserFactory(app=ada.app)
    for query in ({"external_id": "visitor-17"}, {"email": "ADA@example.com"}):
        assert [one["id"] for one in chat.get(PEOPLE, query).json()["items"]] == [ada.pk]


def test_people_of_another_app_are_not_listed(chat: APIClient) -> None:
    EndUserFactory(app=App.objects.get(slug="elsewhere"))
    assert chat.get(PEOPLE).json()["items"] == []


def test_a_person_of_another_app_does_not_exist(api: APIClient) -> None:
    theirs = EndUserFactory(app=App.objects.get(slug="elsewhere"))
    for answer in (api.get(f"{PEOPLE}{theirs.pk}/"), api.delete(f"{PEOPLE}{theirs.pk}/")):
        assert_problem(answer, 404, "not_found")
    assert EndUser.objects.filter(pk=theirs.pk).exists()


def test_what_is_sent_is_changed_and_the_channels_id_stays(api: APIClient, ada: EndUser) -> None:
    answer = api.patch(f"{PEOPLE}{ada.pk}/", {"locale": "de-CH", "external_id": "other"})
    assert (answer.json()["locale"], answer.json()["external_id"]) == ("de-CH", "visitor-17")


def test_a_change_on_what_is_no_more_is_refused(api: APIClient, ada: EndUser) -> None:
    tag = api.get(f"{PEOPLE}{ada.pk}/").headers["ETag"]
    api.patch(f"{PEOPLE}{ada.pk}/", {"name": "Ada A."})
    answer = api.patch(f"{PEOPLE}{ada.pk}/", {"name": "Mine"}, headers={"If-Match": tag})
    assert_problem(answer, 412, "changed_meanwhile")


def test_a_chat_channel_erases_nobody(chat: APIClient, ada: EndUser) -> None:
    assert_problem(chat.delete(f"{PEOPLE}{ada.pk}/"), 403, "not_allowed")


def test_what_an_erasure_removes_is_told_before(api: APIClient, ada: EndUser) -> None:
    told = api.get(f"{PEOPLE}{ada.pk}/erasure/").json()["consequences"]
    assert any("Nobody can bring them back" in line for line in told)
    assert EndUser.objects.filter(pk=ada.pk).exists()


def test_an_erased_person_is_gone(api: APIClient, ada: EndUser) -> None:
    assert api.delete(f"{PEOPLE}{ada.pk}/").status_code == 204
    assert_problem(api.get(f"{PEOPLE}{ada.pk}/"), 404, "not_found")


# --- Tokens -----------------------------------------------------------------------------------


def test_a_token_acts_for_its_person(chat: APIClient, ada: EndUser) -> None:
    answer = chat.post(f"{PEOPLE}{ada.pk}/tokens/", {"seconds": 60})
    found = person_tokens.read(answer.json()["token"])
    assert (answer.status_code, found and found.end_user, found and found.signed_in) == (201, ada, False)


def test_a_token_says_that_its_person_is_signed_in(chat: APIClient, ada: EndUser) -> None:
    answer = chat.post(f"{PEOPLE}{ada.pk}/tokens/", {"person_signed_in": True})
    found = person_tokens.read(answer.json()["token"])
    assert found
    assert found.signed_in


def test_a_token_lives_as_long_as_asked(chat: APIClient, ada: EndUser) -> None:
    before = timezone.now()
    ends = chat.post(f"{PEOPLE}{ada.pk}/tokens/", {"seconds": 60}).json()["expires_at"]
    assert timedelta(0) <= datetime.fromisoformat(ends) - before - timedelta(seconds=60) < timedelta(seconds=9)


@pytest.mark.parametrize("seconds", [0, 59, 3601, "soon"])
def test_a_token_lives_a_minute_to_an_hour(seconds: Any, chat: APIClient, ada: EndUser) -> None:
    answer = chat.post(f"{PEOPLE}{ada.pk}/tokens/", {"seconds": seconds})
    assert_problem(answer, 400, "invalid", "/seconds")


def test_no_token_is_minted_for_somebody_of_another_app(chat: APIClient) -> None:
    theirs = EndUserFactory(app=App.objects.get(slug="elsewhere"))
    assert_problem(chat.post(f"{PEOPLE}{theirs.pk}/tokens/"), 404, "not_found")


def test_a_token_mints_no_token(chat: APIClient, ada: EndUser) -> None:
    token = chat.post(f"{PEOPLE}{ada.pk}/tokens/").json()["token"]
    assert_problem(client_with(token).post(f"{PEOPLE}{ada.pk}/tokens/"), 403, "not_allowed")


def test_staff_mint_no_tokens(sign_in: Callable[[str], Client], ada: EndUser) -> None:
    answer = sign_in("olive").post(f"{PEOPLE}{ada.pk}/tokens/", {}, content_type="application/json")
    assert "a key with the scope “chat”" in assert_problem(answer, 403, "not_allowed")["detail"]


def test_an_end_users_token_lists_nobody(chat: APIClient, ada: EndUser) -> None:
    token = chat.post(f"{PEOPLE}{ada.pk}/tokens/").json()["token"]
    assert_problem(client_with(token).get(PEOPLE), 403, "not_allowed")


@pytest.mark.parametrize("number", [2, 12])
def test_a_list_takes_as_many_queries_for_many_people(
    number: int, chat: APIClient, app: App, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    EndUserFactory.create_batch(number, app=app)
    chat.get(PEOPLE)
    with django_assert_num_queries(2):
        assert len(chat.get(PEOPLE).json()["items"]) == number


def test_finding_a_known_person_writes_nothing(
    chat: APIClient, ada: EndUser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    chat.get(f"{base(ada.app)}/end-users/")
    with django_assert_num_queries(2):
        chat.post(PEOPLE, ADA)
