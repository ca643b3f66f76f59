"""Actions over the API: read, configured, enabled, disabled, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from integrations.models import Action, AuditEntry, AuthorizationLink, Connection
from tests.api import assert_problem, base, client_of
from tests.factories import ActionFactory, AppFactory, ConnectionFactory, EndUserFactory, ProfileFactory
from xoplatform.models import Scope

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries
    from rest_framework.test import APIClient

    from xoplatform.models import App


@pytest.fixture(autouse=True)
def _registration(settings: Any) -> None:
    settings.XO_JIRA_CLIENT_ID, settings.XO_JIRA_CLIENT_SECRET = "sandbox-client", "hidden-client-secret"


def at(app: App, rest: str = "") -> str:
    return f"{base(app)}/actions/jira/{rest}"


def test_an_app_that_has_configured_nothing_lists_what_it_could_use(api: APIClient, app: App) -> None:
    (action,) = api.get(f"{base(app)}/actions/").json()["items"]
    assert (action["provider"], action["status"], action["configured"], action["connection"]) == (
        "jira",
        "available",
        False,
        None,
    )


def test_reading_an_action_stores_nothing(api: APIClient, app: App) -> None:
    assert api.get(at(app)).status_code == 200
    assert not Action.objects.exists()


def test_an_unknown_provider_is_not_there(api: APIClient, app: App) -> None:
    assert_problem(api.get(f"{base(app)}/actions/nothing/"), 404, "unknown_provider")


def test_the_app_sees_its_own_connection_without_tokens(api: APIClient, app: App) -> None:
    ConnectionFactory(action__app=app)
    answer = api.get(at(app))
    assert answer.json()["connection"]["account_name"] == "Ada Example"
    assert "hidden" not in answer.content.decode()


def test_an_action_in_error_tells_why(api: APIClient, app: App) -> None:
    ActionFactory(app=app, status=Action.Status.ERROR, error_reason="Jira no longer accepts it.")
    found = api.get(at(app)).json()
    assert (found["status"], found["error_reason"]) == ("error", "Jira no longer accepts it.")


def test_choices_are_stored_one_by_one(api: APIClient, app: App) -> None:
    api.patch(at(app), {"edition": "enterprise"})
    found = api.patch(at(app), {"authorization_type": "allow_users"}).json()
    assert (found["edition"], found["authorization_type"]) == ("enterprise", "allow_users")


def test_a_change_is_audited_with_the_keys_name(api: APIClient, app: App) -> None:
    api.patch(at(app), {"edition": "developer"})
    assert AuditEntry.objects.get(verb="configured").actor_name == "API key tests"


def test_a_trial_site_is_refused_with_the_reason(api: APIClient, app: App) -> None:
    body = assert_problem(api.patch(at(app), {"edition": "trial"}), 409, "edition_refused")
    reason = api.get(at(app)).json()["offered"]["refused_editions"][0]["reason"]
    assert reason in body["detail"]
    assert not Action.objects.exists()


def test_a_choice_that_nobody_knows_is_named(api: APIClient, app: App) -> None:
    assert_problem(api.patch(at(app), {"method": "telepathy"}), 400, "invalid", "/method")


def test_custom_needs_a_profile(api: APIClient, app: App) -> None:
    assert_problem(api.patch(at(app), {"edition": "developer", "card": "custom"}), 409, "profile_missing")


def test_a_profile_of_another_app_is_not_there(api: APIClient, app: App) -> None:
    wanted = {"edition": "developer", "card": "custom", "profile_id": ProfileFactory().pk}
    assert_problem(api.patch(at(app), wanted), 404, "not_found")


def test_a_profile_that_leads_to_no_token_is_refused(api: APIClient, app: App) -> None:
    profile = ProfileFactory(app=app, type="api_key")
    wanted = {"edition": "developer", "card": "custom", "profile_id": profile.pk}
    assert_problem(api.patch(at(app), wanted), 409, "not_offered")


def test_working_connections_end_only_if_that_is_meant(api: APIClient, app: App) -> None:
    row = ConnectionFactory(action__app=app)
    wanted = {"card": "custom", "profile_id": ProfileFactory(app=app).pk}
    assert_problem(api.patch(at(app), wanted), 409, "connections_would_end")
    assert Connection.objects.get(pk=row.pk).usable
    assert api.patch(at(app), {**wanted, "confirm_end": True}).status_code == 200
    assert not Connection.objects.get(pk=row.pk).usable


def test_a_change_of_what_changed_meanwhile_is_refused(api: APIClient, app: App) -> None:
    tag = api.get(at(app)).headers["ETag"]
    api.patch(at(app), {"edition": "enterprise"})
    refused = api.patch(at(app), {"edition": "developer"}, headers={"If-Match": tag})
    assert_problem(refused, 412, "changed_meanwhile")
    assert Action.objects.get().edition == "enterprise"


def test_a_first_change_on_what_was_read_is_made(api: APIClient, app: App) -> None:
    tag = api.get(at(app)).headers["ETag"]
    assert api.patch(at(app), {"edition": "developer"}, headers={"If-Match": tag}).status_code == 200


# --- Enable, disable, delete --------------------------------------------------------------------


def test_an_authorized_action_is_enabled(api: APIClient, app: App) -> None:
    ConnectionFactory(action=ActionFactory(app=app))
    found = api.post(at(app, "enable/")).json()
    assert (found["action"]["status"], found["first"], found["people"]) == ("enabled", True, None)


def test_what_nobody_authorized_is_not_enabled(api: APIClient, app: App) -> None:
    assert_problem(api.post(at(app, "enable/")), 409, "not_authorized")


def test_links_to_people_have_to_be_confirmed(api: APIClient, app: App) -> None:
    ActionFactory(app=app, authorization_type="allow_users")
    EndUserFactory.create_batch(3, app=app)
    EndUserFactory(app=app, email="")
    body = assert_problem(api.post(at(app, "enable/")), 409, "people_unconfirmed")
    assert "3 people" in body["detail"]
    assert not AuthorizationLink.objects.exists()


def test_confirmed_links_are_asked_for(api: APIClient, app: App) -> None:
    ActionFactory(app=app, authorization_type="allow_users")
    EndUserFactory.create_batch(3, app=app)
    count = api.get(at(app, "audience/")).json()["by_mail"]
    found = api.post(at(app, "enable/"), {"confirm_people": count}).json()
    assert found["people"] == {"by_mail": 3, "in_chat": 0, "holding": 0}
    assert found["action"]["status"] == "enabled"
    assert found["batch_id"] is not None


def test_where_nobody_is_mailed_nothing_has_to_be_confirmed(api: APIClient, app: App) -> None:
    ActionFactory(app=app, authorization_type="allow_users")
    assert api.post(at(app, "enable/"), {"invite_new_users": True}).json()["action"]["invite_new_users"] is True


def test_a_disabled_action_keeps_its_connection(api: APIClient, app: App) -> None:
    ConnectionFactory(action__app=app)
    found = api.post(at(app, "disable/")).json()
    assert (found["status"], found["connection"]["state"]) == ("disabled", "connected")


def test_what_was_never_enabled_cannot_be_disabled(api: APIClient, app: App) -> None:
    assert_problem(api.post(at(app, "disable/")), 409, "not_configured")


def test_what_a_deletion_takes_is_told_before(api: APIClient, app: App) -> None:
    ConnectionFactory(action__app=app)
    found = api.get(at(app, "deletion/")).json()
    assert (found["connections"], found["people"], found["dialog_tasks"]) == (1, 0, [])


def test_a_deleted_action_is_available_again(api: APIClient, app: App) -> None:
    ConnectionFactory(action__app=app)
    assert api.delete(at(app)).status_code == 204
    assert api.get(at(app)).json()["status"] == "available"
    assert not Connection.objects.exists()


def test_a_deletion_of_what_changed_meanwhile_is_refused(api: APIClient, app: App) -> None:
    ConnectionFactory(action__app=app)
    assert_problem(api.delete(at(app), headers={"If-Match": '"old"'}), 412, "changed_meanwhile")
    assert Action.objects.exists()


def test_what_is_not_configured_cannot_be_deleted(api: APIClient, app: App) -> None:
    assert_problem(api.delete(at(app)), 409, "not_configured")


def test_a_key_for_chat_configures_nothing(app: App) -> None:
    answer = client_of(app, [Scope.CHAT], name="chat").patch(at(app), {"edition": "developer"})
    assert_problem(answer, 403, "not_allowed")


def test_an_action_of_another_app_stays_as_it_is(api: APIClient) -> None:
    elsewhere = ConnectionFactory(action__app=AppFactory()).action
    assert_problem(api.delete(at(elsewhere.app)), 404, "not_found")
    assert Action.objects.filter(pk=elsewhere.pk).exists()


def test_the_list_costs_the_same_with_and_without_connections(
    api: APIClient, app: App, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ConnectionFactory(action__app=app)
    EndUserFactory.create_batch(5, app=app)
    api.get(f"{base(app)}/actions/")
    with django_assert_num_queries(3):
        api.get(f"{base(app)}/actions/")
