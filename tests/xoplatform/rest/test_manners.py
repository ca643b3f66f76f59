"""What holds at every endpoint, shown at the simplest one: an App."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from tests.api import ROOT, assert_problem, base, client_of, client_with, secret_of
from tests.factories import AppFactory, EndUserFactory
from xoplatform import api_keys, person_tokens
from xoplatform.models import ApiKey, App, KeptAnswer, Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_django import DjangoAssertNumQueries


@pytest.fixture
def key(app: App) -> tuple[ApiKey, str]:
    return api_keys.create(app, "channel", [Scope.CONFIGURATION])


@pytest.fixture
def api(key: tuple[ApiKey, str]) -> APIClient:
    return client_with(key[1])


def test_a_key_reads_its_app(api: APIClient, app: App) -> None:
    assert api.get(f"{base(app)}/").json()["name"] == "Helpdesk Bot"


@pytest.mark.parametrize("address", ["nowhere/", "apps/helpdesk/nowhere/", "no%0Awhere/"])
def test_a_mistyped_address_is_told_as_any_problem(address: str, api: APIClient) -> None:
    assert_problem(api.get(f"{ROOT}/{address}"), 404, "not_found")


def test_an_app_of_others_does_not_exist(api: APIClient) -> None:
    assert_problem(api.get(f"{ROOT}/apps/elsewhere/"), 404, "not_found")


def test_a_key_lists_its_app_alone(api: APIClient) -> None:
    assert [one["slug"] for one in api.get(f"{ROOT}/apps/").json()["items"]] == ["helpdesk"]


def test_without_a_key_nothing_is_told(app: App) -> None:
    answer = APIClient().get(f"{base(app)}/")
    assert_problem(answer, 401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("value", ["", "xo_", "xo_abc_def", "nonsense", "xop_nonsense", "xo_" + "9" * 400])
def test_a_value_that_is_no_key_opens_nothing(value: str, app: App) -> None:
    assert_problem(client_with(value).get(f"{base(app)}/"), 401, "not_signed_in")


def test_a_key_that_was_revoked_opens_nothing(api: APIClient, key: tuple[ApiKey, str], app: App) -> None:
    api_keys.revoke(key[0])
    assert_problem(api.get(f"{base(app)}/"), 401, "not_signed_in")


def test_a_key_that_expired_opens_nothing(app: App) -> None:
    api = client_of(app, expires_at=timezone.now() - timedelta(seconds=1))
    assert_problem(api.get(f"{base(app)}/"), 401, "not_signed_in")


def test_a_rotation_leaves_no_gap(api: APIClient, key: tuple[ApiKey, str], app: App) -> None:
    fresh = client_with(api_keys.rotate(key[0]))
    assert [one.get(f"{base(app)}/").status_code for one in (api, fresh)] == [200, 200]


def test_after_the_overlap_the_old_value_opens_nothing(api: APIClient, key: tuple[ApiKey, str], app: App) -> None:
    api_keys.rotate(key[0], timedelta(0))
    assert_problem(api.get(f"{base(app)}/"), 401, "not_signed_in")


def test_of_a_key_only_hashes_are_stored(key: tuple[ApiKey, str]) -> None:
    stored = str(ApiKey.objects.values().get())
    assert secret_of(key[1]) not in stored


def test_the_last_use_of_a_key_is_seen(api: APIClient, key: tuple[ApiKey, str], app: App) -> None:
    api.get(f"{base(app)}/")
    assert ApiKey.objects.get().last_used_at is not None


def test_a_key_that_may_only_read_changes_nothing(app: App) -> None:
    api = client_of(app, [Scope.READ])
    assert api.get(f"{base(app)}/").status_code == 200
    assert_problem(api.patch(f"{base(app)}/", {"name": "Other"}), 403, "not_allowed")


def test_a_key_needs_the_scope(app: App) -> None:
    assert_problem(client_of(app, [Scope.CHAT]).get(f"{base(app)}/"), 403, "not_allowed")


def test_a_persons_token_reads_no_configuration(key: tuple[ApiKey, str], app: App) -> None:
    token, _ends = person_tokens.mint(key[0], EndUserFactory(app=app))
    assert_problem(client_with(token).get(f"{base(app)}/"), 403, "not_allowed")


@pytest.mark.parametrize(("who", "status"), [("olive", 200), ("vic", 200), ("stan", 404), ("rooty", 200)])
def test_staff_use_their_session(who: str, status: int, sign_in: Callable[[str], Client]) -> None:
    assert sign_in(who).get(f"{ROOT}/apps/helpdesk/").status_code == status


def test_a_viewer_changes_nothing(sign_in: Callable[[str], Client]) -> None:
    answer = sign_in("vic").patch(f"{ROOT}/apps/helpdesk/", {"name": "Mine"}, content_type="application/json")
    assert_problem(answer, 403, "not_allowed")


def test_a_session_changes_nothing_without_the_csrf_token(sign_in: Callable[[str], Client], app: App) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = sign_in("olive").cookies
    answer = browser.patch(f"{base(app)}/", {"name": "Theirs"}, content_type="application/json")
    assert_problem(answer, 403, "permission_denied")


def test_a_field_at_fault_is_named(api: APIClient, app: App) -> None:
    assert_problem(api.patch(f"{base(app)}/", {"identity_rule": "sometimes"}), 400, "invalid", "/identity_rule")


@pytest.mark.parametrize(("name", "value"), [("name", 5), ("name", True), ("description", 1.5)])
def test_a_text_must_be_one(name: str, value: Any, api: APIClient, app: App) -> None:
    assert_problem(api.patch(f"{base(app)}/", {name: value}), 400, "invalid", f"/{name}")


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"name": NaN}',
        '{"name": 1e999}',
        '{"name": "a\\u0000b"}',
        '{"name": "\\ud800"}',
        "[" * 20_000,
        "[" * 200 + "]" * 200,
        '{"n": 1' + "0" * 5000 + "}",
    ],
)
def test_a_body_that_cannot_be_read_is_refused(text: str, api: APIClient, app: App) -> None:
    answer = api.generic("PATCH", f"{base(app)}/", text, content_type="application/json")
    assert_problem(answer, 400, "unreadable_body")


def test_a_body_that_is_too_large_is_refused(api: APIClient, app: App, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 20
    assert_problem(api.patch(f"{base(app)}/", {"name": "x" * 40}), 413, "body_too_large")


def test_an_unknown_address_is_a_problem_too(api: APIClient) -> None:
    assert_problem(api.get(f"{ROOT}/nothing/here"), 404, "not_found")


@pytest.mark.parametrize("method", ["DELETE", "OPTIONS", "TRACE"])
def test_a_method_that_is_not_there_is_a_problem_too(method: str, api: APIClient, app: App) -> None:
    answer = api.generic(method, f"{base(app)}/", headers={"Idempotency-Key": ""})
    assert_problem(answer, 405, "method_not_allowed")


def test_an_address_that_is_not_there_asks_nobody_for_a_csrf_token() -> None:
    browser = Client(enforce_csrf_checks=True)
    assert_problem(browser.post(f"{ROOT}/nothing/here/"), 404, "not_found")


# --- Entity tags ------------------------------------------------------------------------------


def test_what_has_not_changed_is_not_sent_again(api: APIClient, app: App) -> None:
    tag = api.get(f"{base(app)}/").headers["ETag"]
    answer = api.get(f"{base(app)}/", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)


def test_a_change_on_what_was_read_is_made(api: APIClient, app: App) -> None:
    tag = api.get(f"{base(app)}/").headers["ETag"]
    answer = api.patch(f"{base(app)}/", {"name": "Desk"}, headers={"If-Match": tag})
    assert answer.json()["name"] == "Desk"
    assert answer.headers["ETag"] == api.get(f"{base(app)}/").headers["ETag"]


def test_a_change_on_what_is_no_more_is_refused(api: APIClient, app: App) -> None:
    tag = api.get(f"{base(app)}/").headers["ETag"]
    api.patch(f"{base(app)}/", {"name": "Desk"})
    assert_problem(api.patch(f"{base(app)}/", {"name": "Mine"}, headers={"If-Match": tag}), 412, "changed_meanwhile")
    assert App.objects.get(pk=app.pk).name == "Desk"


# --- Once -------------------------------------------------------------------------------------


def renamed(api: APIClient, app: App, name: str, key: str) -> Any:
    return api.patch(f"{base(app)}/", {"name": name}, headers={"Idempotency-Key": key})


def test_the_same_request_is_carried_out_once(api: APIClient, app: App) -> None:
    first = renamed(api, app, "One", "k1")
    api.patch(f"{base(app)}/", {"name": "Two"})
    again = renamed(api, app, "One", "k1")
    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert App.objects.get(pk=app.pk).name == "Two"


def test_another_request_under_the_same_key_is_refused(api: APIClient, app: App) -> None:
    renamed(api, app, "One", "k1")
    assert_problem(renamed(api, app, "Other", "k1"), 422, "idempotency_key_reused")


def test_keys_of_others_do_not_meet(api: APIClient, app: App) -> None:
    renamed(api, app, "One", "k1")
    other = client_of(app, name="another")
    assert renamed(other, app, "Other", "k1").json()["name"] == "Other"


def test_a_refused_request_leaves_its_key_free(api: APIClient, app: App) -> None:
    renamed(api, app, "", "k1")
    assert renamed(api, app, "Mended", "k1").json()["name"] == "Mended"


def test_a_request_that_is_at_work_is_not_begun_again(api: APIClient, app: App) -> None:
    renamed(api, app, "One", "k1")
    KeptAnswer.objects.update(status=None)
    assert_problem(renamed(api, app, "One", "k1"), 409, "request_in_progress")


def test_a_request_whose_process_died_may_be_repeated_after_a_minute(api: APIClient, app: App) -> None:
    renamed(api, app, "One", "k1")
    KeptAnswer.objects.update(status=None, held_until=timezone.now())
    api.patch(f"{base(app)}/", {"name": "Two"})
    assert renamed(api, app, "One", "k1").json()["name"] == "One"


def test_answers_are_kept_encrypted(api: APIClient, app: App) -> None:
    renamed(api, app, "Findable", "k1")
    assert "Findable" not in str(KeptAnswer.objects.values().get())


# --- How often --------------------------------------------------------------------------------


def test_every_answer_tells_what_is_left(api: APIClient, app: App) -> None:
    answer = api.get(f"{base(app)}/")
    assert answer.headers["RateLimit-Policy"] == '"minute";q=600;w=60'
    assert answer.headers["RateLimit"].startswith('"minute";r=')


def test_who_asks_too_often_is_told_when_to_come_back(app: App) -> None:
    api = client_of(app, requests_per_minute=1)
    answers = [api.get(f"{base(app)}/") for _ in range(3)]  # a minute may end between two of them
    refused = next(one for one in answers if one.status_code == 429)
    assert_problem(refused, 429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


# --- Other origins ----------------------------------------------------------------------------


def test_pages_of_other_origins_may_not_call_unless_allowed(api: APIClient, app: App) -> None:
    answer = api.get(f"{base(app)}/", headers={"Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_pages_of_an_allowed_origin_may(api: APIClient, app: App, settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://shop.example"]
    answer = api.get(f"{base(app)}/", headers={"Origin": "https://shop.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"


# --- Cost -------------------------------------------------------------------------------------


def test_a_key_costs_one_query(api: APIClient, app: App, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    api.get(f"{base(app)}/")  # notes the use
    with django_assert_num_queries(1):
        api.get(f"{base(app)}/")


def test_a_list_costs_the_same_whatever_its_length(
    sign_in: Callable[[str], Client], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = sign_in("rooty")
    AppFactory.create_batch(12)
    with django_assert_num_queries(3):
        assert len(browser.get(f"{ROOT}/apps/").json()["items"]) == 14


# --- Pages ------------------------------------------------------------------------------------


def test_a_list_is_read_page_by_page(sign_in: Callable[[str], Client]) -> None:
    AppFactory.create_batch(3)
    browser = sign_in("rooty")
    first = browser.get(f"{ROOT}/apps/?limit=3").json()
    second = browser.get(first["next"]).json()
    assert len({one["slug"] for one in first["items"] + second["items"]}) == 5
    assert second["next"] is None


def test_a_cursor_of_ones_own_making_is_refused(api: APIClient) -> None:
    assert_problem(api.get(f"{ROOT}/apps/?cursor=abc"), 400, "bad_cursor")


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=null", "limit=1&limit=2", "limit="])
def test_a_page_of_no_sensible_size_is_refused(query: str, api: APIClient) -> None:
    assert_problem(api.get(f"{ROOT}/apps/?{query}"), 400, "invalid", "/limit")


def test_the_pages_and_the_description_are_read_without_a_key(client: Client) -> None:
    assert client.get(f"{ROOT}/openapi.json").json()["openapi"] == "3.1.0"
    page = client.get(f"{ROOT}/docs/").content.decode()
    assert "swagger-ui-bundle.js" in page
    assert "//cdn" not in page
