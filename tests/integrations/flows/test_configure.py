from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from integrations import errors
from integrations.flows import configure
from integrations.flows.clients import client_of
from integrations.flows.disconnect import disconnect
from integrations.models import Action, Connection
from integrations.signals import action_disabled, action_enabled
from tests.factories import ActionFactory, AppFactory, ConnectionFactory, ProfileFactory

if TYPE_CHECKING:
    from pytest_django import DjangoCaptureOnCommitCallbacks

    from tests.integrations.grants import Grants
    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db

USUAL: dict[str, Any] = {
    "authorization_type": "pre_authorize",
    "method": "oauth",
    "card": "system",
    "edition": "developer",
}


def test_an_app_has_an_action_for_every_provider_before_anything_is_stored() -> None:
    actions = configure.actions_of(AppFactory())
    assert [(a.provider, a.status, a._state.adding) for a in actions] == [("jira", "available", True)]


def test_an_action_is_stored_when_it_is_opened() -> None:
    app = AppFactory()
    assert configure.open_action(app, "jira").pk == configure.open_action(app, "jira").pk


def test_an_unknown_provider_cannot_be_opened() -> None:
    with pytest.raises(errors.UnknownProvider):
        configure.open_action(AppFactory(), "nonesuch")


def test_the_choices_are_kept() -> None:
    action = configure.configure(ActionFactory(edition=""), **USUAL)
    action.refresh_from_db()
    assert (action.card, action.edition, action.configured) == ("system", "developer", False)


def test_a_trial_site_is_refused_with_the_reason_and_nothing_is_kept() -> None:
    action = ActionFactory(edition="")
    with pytest.raises(errors.EditionRefused, match="trial can end"):
        configure.configure(action, **{**USUAL, "edition": "trial"})
    action.refresh_from_db()
    assert action.edition == ""


@pytest.mark.parametrize("choice", [{"authorization_type": "nonesuch"}, {"method": "fax"}, {"card": "nonesuch"}])
def test_what_is_not_offered_cannot_be_chosen(choice: dict[str, str]) -> None:
    with pytest.raises(errors.NotOffered):
        configure.configure(ActionFactory(), **{**USUAL, **choice})


def test_another_client_marks_the_connection_to_be_authorized_again(atlassian: Sandbox) -> None:
    row = ConnectionFactory()
    profile = ProfileFactory(app=row.action.app)
    configure.configure(row.action, **{**USUAL, "card": "custom"}, profile=profile)
    row.refresh_from_db()
    assert row.state == Connection.State.NEEDS_AUTHORIZATION
    assert "another client" in row.last_error


def test_custom_without_a_profile_is_refused_in_words_of_its_own() -> None:
    with pytest.raises(errors.ProfileMissing, match="no authorization profile is selected"):
        configure.configure(ActionFactory(), **{**USUAL, "card": "custom"})
    with pytest.raises(errors.ProfileMissing):
        client_of(ActionFactory(card="custom"))


def test_choices_that_would_end_a_working_grant_wait_for_the_new_one(atlassian: Sandbox) -> None:
    row = ConnectionFactory()
    profile = ProfileFactory(app=row.action.app)
    waiting = configure.prepare(row.action, **{**USUAL, "card": "custom"}, profile=profile)
    assert (waiting["card"], waiting["profile_id"]) == ("custom", profile.pk)
    row.refresh_from_db()
    assert (row.state, row.action.card) == (Connection.State.CONNECTED, "system")


def test_choices_that_end_nothing_are_kept_at_once(atlassian: Sandbox) -> None:
    action = ActionFactory(edition="")
    assert configure.prepare(action, **USUAL) == {}
    action.refresh_from_db()
    assert action.edition == "developer"


def test_an_action_cannot_be_enabled_before_it_is_authorized() -> None:
    action = ActionFactory()
    with pytest.raises(errors.NotAuthorized):
        configure.enable(action)
    ConnectionFactory(action=action, state=Connection.State.CHOOSING_SITE)
    with pytest.raises(errors.NotAuthorized):
        configure.enable(action)


def test_the_first_enabling_is_told_from_later_ones() -> None:
    row = ConnectionFactory(action=ActionFactory())
    assert configure.enable(row.action).first
    assert row.action.configured
    configure.disable(row.action)
    assert not configure.enable(row.action).first
    assert row.action.status == Action.Status.ENABLED


def test_enabling_again_needs_no_new_consent_while_the_grant_works(grants: Grants) -> None:
    row = grants.connect()
    configure.enable(row.action)
    configure.disable(row.action)
    Connection.objects.update(expires_at=row.authorized_at)
    configure.enable(row.action)
    assert Connection.objects.get().generation == 2


def test_enabling_again_finds_out_that_the_grant_is_gone(grants: Grants) -> None:
    row = grants.connect()
    configure.enable(row.action)
    configure.disable(row.action)
    Connection.objects.update(expires_at=row.authorized_at)
    grants.sandbox.revoke()
    with pytest.raises(errors.NotAuthorized):
        configure.enable(row.action)
    row.action.refresh_from_db()
    assert row.action.status == Action.Status.DISABLED


def test_enabling_does_not_depend_on_the_provider_being_up(grants: Grants) -> None:
    row = grants.connect()
    Connection.objects.update(expires_at=row.authorized_at)
    grants.sandbox.fault("error", on="token", times=None, status=502)
    assert configure.enable(row.action).first


def test_disabling_keeps_the_authorization() -> None:
    row = ConnectionFactory()
    configure.disable(row.action)
    row.refresh_from_db()
    assert row.usable
    assert row.action.status == Action.Status.DISABLED


def test_deleting_removes_the_tokens_for_good() -> None:
    row = ConnectionFactory()
    configure.delete(row.action)
    assert not Connection.objects.exists()
    assert not Action.objects.exists()


def test_disconnecting_erases_the_tokens_and_says_so_on_the_action() -> None:
    row = ConnectionFactory()
    action = row.action
    disconnect(row)
    action.refresh_from_db()
    assert not Connection.objects.exists()
    assert action.status == Action.Status.ERROR


def test_listeners_hear_of_enabling_and_disabling(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    row = ConnectionFactory(action=ActionFactory())
    heard: list[str] = []

    def on(provider: str, **_: object) -> None:
        heard.append(f"on {provider}")

    def off(provider: str, **_: object) -> None:
        heard.append(f"off {provider}")

    action_enabled.connect(on)
    action_disabled.connect(off)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            configure.enable(row.action)
            configure.disable(row.action)
    finally:
        action_enabled.disconnect(on)
        action_disabled.disconnect(off)
    assert heard == ["on jira", "off jira"]
