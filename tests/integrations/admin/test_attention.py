"""What integrations say on Home and Overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.admin.attention import actions_in_error, authorize_an_action, clients_refused
from integrations.flows import client_faults
from integrations.models import Action
from integrations.oauth import OAuthClient
from tests.factories import ActionFactory, ProfileFactory
from xoplatform.core.crypto import Secret
from xoplatform.models import App

from .conftest import JIRA

if TYPE_CHECKING:
    from django.test import Client

    from integrations.models import Connection

ANY_CLIENT = OAuthClient("me", Secret("hidden"), "", "", "", "", ())


def test_an_action_in_error_needs_attention_with_its_reason_and_a_way_to_mend_it(app: App) -> None:
    ActionFactory(app=app, enabled=True, status=Action.Status.ERROR, error_reason="Ada ended the access.")
    (found,) = actions_in_error(App.objects.all())
    assert (found.app, found.detail, found.link, found.level) == (app, "Ada ended the access.", JIRA, "error")


def test_an_action_that_works_needs_none(connected: Connection) -> None:
    assert not list(actions_in_error(App.objects.all()))


def test_a_refused_client_of_the_installation_needs_attention_in_every_app_that_uses_it(app: App) -> None:
    used = ActionFactory(app=app, enabled=True)
    other = ActionFactory(enabled=True)
    fault_of(used)
    assert {found.app for found in clients_refused(App.objects.all())} == {app, other.app}
    (found,) = clients_refused(App.objects.filter(pk=app.pk))
    assert (found.link, found.level) == (JIRA, "error")
    assert found.title == "JIRA refuses the client of this installation"
    assert "It said: Unauthorized." in found.detail


def test_a_refused_client_of_a_profile_needs_attention_in_its_app_alone(app: App) -> None:
    profile = ProfileFactory(app=app, name="Ours")
    fault_of(ActionFactory(app=app, enabled=True, card=Action.Card.CUSTOM, profile=profile))
    ActionFactory(enabled=True)
    (found,) = clients_refused(App.objects.all())
    assert (found.app, found.title) == (app, "JIRA refuses the client of “Ours”")
    assert found.link == f"/admin/integrations/authorizationprofile/{profile.pk}/change/"


def fault_of(action: Action) -> None:
    client_faults.note(action, ANY_CLIENT, "Unauthorized")


def test_authorizing_is_the_first_step_of_the_set_up(app: App) -> None:
    (step,) = authorize_an_action(app)
    assert (step.order, step.link, step.done) == (10, JIRA, False)


def test_the_step_is_done_once_the_action_is_enabled(developer: Client, connected: Connection) -> None:
    (step,) = authorize_an_action(connected.action.app)
    assert step.done
    assert developer.get("/admin/apps/helpdesk/").status_code == 200
