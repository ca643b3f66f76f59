"""Members by REST: read by who may see the App, changed by its owners with a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.api import ALL, assert_problem, base, client_of
from tests.factories import MemberFactory, StaffFactory
from xoplatform.models import App, Member, Role, Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

MEMBERS = "/api/v1/apps/helpdesk/members/"
JSON = "application/json"


@pytest.fixture
def olive(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("olive")


def address(app: App, username: str) -> str:
    return f"{MEMBERS}{app.members.get(user__username=username).pk}/"


def test_an_owner_adds_a_member_by_name_or_e_mail(olive: Client, app: App) -> None:
    StaffFactory(username="newcomer", email="new@example.com")
    answer = olive.post(MEMBERS, {"person": "NEW@example.com", "role": "viewer"}, content_type=JSON)
    assert (answer.status_code, olive.get(answer.headers["Location"]).json()["user_name"]) == (201, "newcomer")
    assert app.members.get(user__username="newcomer").role == Role.VIEWER


def test_a_name_that_nobody_has_is_refused(olive: Client) -> None:
    answer = olive.post(MEMBERS, {"person": "nobody"}, content_type=JSON)
    assert "An administrator can create one" in assert_problem(answer, 422, "no_such_staff")["detail"]


def test_nobody_is_a_member_twice(olive: Client) -> None:
    assert_problem(olive.post(MEMBERS, {"person": "devi"}, content_type=JSON), 409, "already_member")


def test_an_unknown_role_is_refused(olive: Client, app: App) -> None:
    answer = olive.patch(address(app, "devi"), {"role": "king"}, content_type=JSON)
    assert_problem(answer, 400, "invalid", "/role")


def test_a_member_gets_another_role(olive: Client, app: App) -> None:
    assert olive.patch(address(app, "devi"), {"role": "owner"}, content_type=JSON).json()["role"] == "owner"


def test_a_membership_ends(olive: Client, app: App) -> None:
    assert olive.delete(address(app, "devi")).status_code == 204
    assert not app.members.filter(user__username="devi").exists()


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_the_last_owner_stays(method: str, olive: Client, app: App) -> None:
    answer = getattr(olive, method)(address(app, "olive"), {"role": "viewer"}, content_type=JSON)
    assert_problem(answer, 409, "last_owner")
    assert app.members.get(user__username="olive").role == Role.OWNER


def test_a_change_on_what_is_no_more_is_refused(olive: Client, app: App) -> None:
    tag = olive.get(address(app, "devi")).headers["ETag"]
    olive.patch(address(app, "devi"), {"role": "viewer"}, content_type=JSON)
    answer = olive.delete(address(app, "devi"), headers={"If-Match": tag})
    assert_problem(answer, 412, "changed_meanwhile")


def test_a_developer_changes_no_members(sign_in: Callable[[str], Client], app: App) -> None:
    assert_problem(sign_in("devi").delete(address(app, "vic")), 403, "not_allowed")


def test_a_key_makes_nobody_an_owner(app: App) -> None:
    answer = client_of(app, ALL).patch(address(app, "vic"), {"role": "owner"})
    assert_problem(answer, 403, "not_allowed")


def test_a_key_that_reads_sees_the_members(app: App) -> None:
    items = client_of(app, [Scope.READ]).get(MEMBERS, {"role": "owner"}).json()["items"]
    assert [one["user_name"] for one in items] == ["olive"]


def test_a_filter_by_an_unknown_role_is_refused(app: App) -> None:
    assert_problem(client_of(app).get(MEMBERS, {"role": "king"}), 400, "invalid", "/role")


def test_a_member_of_another_app_does_not_exist(app: App) -> None:
    stan: Any = Member.objects.get(user__username="stan")
    assert_problem(client_of(app).get(f"{base(app)}/members/{stan.pk}/"), 404, "not_found")


@pytest.mark.parametrize("number", [2, 12])
def test_a_list_takes_as_many_queries_for_many_members(
    number: int, app: App, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    MemberFactory.create_batch(number, app=app)
    api = client_of(app)
    api.get(MEMBERS)
    with django_assert_num_queries(2):
        assert len(api.get(MEMBERS).json()["items"]) == number + 3
