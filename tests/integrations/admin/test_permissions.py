"""Who may open and press what: strangers see nothing, viewers press nothing, developers and owners may all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integrations.models import Action, Connection
from tests.factories import ActionFactory, ConnectionFactory, ProfileFactory

from .conftest import CHOICES, JIRA
from .test_profile_admin import VALUES

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from xoplatform.models import App

LISTS = ["action", "authorizationprofile", "connection", "operationcall"]
PAGES = ["/admin/apps/helpdesk/actions/", JIRA]
STEPS = ["authorize/", "site/", "enable/", "disable/", "delete/"]


@pytest.mark.parametrize(("part", "status"), [("owner", 200), ("developer", 200), ("viewer", 200), ("stranger", 404)])
@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_members(sign_in: Callable[[str], Client], part: str, status: int, page: str) -> None:
    assert sign_in(part).get(page).status_code == status


@pytest.mark.parametrize(("part", "status"), [("owner", 302), ("developer", 302), ("viewer", 403), ("stranger", 404)])
@pytest.mark.parametrize("step", STEPS)
def test_steps_are_for_developers(
    sign_in: Callable[[str], Client], connected: Connection, part: str, status: int, step: str
) -> None:
    assert sign_in(part).post(f"{JIRA}{step}", CHOICES).status_code == status
    if status != 302:
        assert Action.objects.get().status == Action.Status.ENABLED
        assert Connection.objects.exists()


@pytest.mark.parametrize("step", ["authorize/", "site/"])
def test_steps_without_a_question_are_never_followed_by_a_link(developer: Client, step: str) -> None:
    assert developer.get(f"{JIRA}{step}").status_code == 405


@pytest.mark.parametrize(("part", "status"), [("viewer", 200), ("stranger", 403), ("superuser", 200)])
@pytest.mark.parametrize("name", LISTS)
def test_lists_are_for_members(sign_in: Callable[[str], Client], part: str, status: int, name: str) -> None:
    assert sign_in(part).get(f"/admin/integrations/{name}/").status_code == status


def test_lists_show_only_rows_of_ones_own_apps(viewer: Client, connected: Connection) -> None:
    ConnectionFactory(action=ActionFactory(), account_name="Somebody Else")
    page = viewer.get("/admin/integrations/connection/").content.decode()
    assert "Ada Example" in page
    assert "Somebody Else" not in page


@pytest.mark.parametrize("part", ["viewer", "stranger"])
def test_a_connection_is_changed_by_developers_only(
    sign_in: Callable[[str], Client], connected: Connection, part: str
) -> None:
    client = sign_in(part)
    for step in ("refresh", "disconnect"):
        response = client.post(f"/admin/integrations/connection/{connected.pk}/{step}/")
        assert response.status_code == (403 if part == "viewer" else 404)
    assert Connection.objects.filter(pk=connected.pk).exists()


@pytest.mark.parametrize(("part", "status"), [("developer", 200), ("viewer", 403), ("stranger", 403)])
def test_profiles_are_added_by_developers(sign_in: Callable[[str], Client], part: str, status: int) -> None:
    assert sign_in(part).get("/admin/integrations/authorizationprofile/add/").status_code == status


def test_a_profile_can_not_be_put_into_an_app_of_others(developer: Client, app: App) -> None:
    other = ProfileFactory().app
    response = developer.post("/admin/integrations/authorizationprofile/add/", {**VALUES, "app": other.pk})
    assert "valid choice" in response.content.decode()
    assert other.authorization_profiles.count() == 1


@pytest.mark.parametrize("name", ["action", "connection", "operationcall"])
def test_nobody_adds_what_only_flows_write(sign_in: Callable[[str], Client], name: str) -> None:
    assert sign_in("superuser").get(f"/admin/integrations/{name}/add/").status_code == 403
