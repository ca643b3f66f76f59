"""What integrations say on Home and Overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.admin.attention import actions_in_error, authorize_an_action
from integrations.models import Action
from tests.factories import ActionFactory
from xoplatform.models import App

from .conftest import JIRA

if TYPE_CHECKING:
    from django.test import Client

    from integrations.models import Connection


def test_an_action_in_error_needs_attention_with_its_reason_and_a_way_to_mend_it(app: App) -> None:
    ActionFactory(app=app, enabled=True, status=Action.Status.ERROR, error_reason="Ada ended the access.")
    (found,) = actions_in_error(App.objects.all())
    assert (found.app, found.detail, found.link, found.level) == (app, "Ada ended the access.", JIRA, "error")


def test_an_action_that_works_needs_none(connected: Connection) -> None:
    assert not list(actions_in_error(App.objects.all()))


def test_authorizing_is_the_first_step_of_the_set_up(app: App) -> None:
    (step,) = authorize_an_action(app)
    assert (step.order, step.link, step.done) == (10, JIRA, False)


def test_the_step_is_done_once_the_action_is_enabled(developer: Client, connected: Connection) -> None:
    (step,) = authorize_an_action(connected.action.app)
    assert step.done
    assert developer.get("/admin/apps/helpdesk/").status_code == 200
