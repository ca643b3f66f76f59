"""Disable, Enable again and Delete: each says beforehand what will happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.flows import links
from integrations.models import Action, Connection
from integrations.signals import describe_deletion
from tests.factories import ConnectionFactory, EndUserFactory

from .conftest import JIRA

if TYPE_CHECKING:
    from django.test import Client

    from xoplatform.models import App


def test_disable_asks_first_and_keeps_the_authorization(developer: Client, connected: Connection) -> None:
    question = developer.get(f"{JIRA}disable/").content.decode()
    assert "Disable JIRA?" in question
    assert "The authorization is kept." in question
    assert Action.objects.get().status == Action.Status.ENABLED
    developer.post(f"{JIRA}disable/")
    assert Action.objects.get().status == Action.Status.DISABLED
    assert Connection.objects.get().usable


def test_enable_asks_when_it_comes_from_the_menu(developer: Client, connected: Connection) -> None:
    Action.objects.update(status=Action.Status.DISABLED)
    assert "nobody has to consent again" in developer.get(f"{JIRA}enable/").content.decode()
    developer.post(f"{JIRA}enable/")
    assert Action.objects.get().status == Action.Status.ENABLED


def test_delete_lists_what_will_stop_working(developer: Client, connected: Connection) -> None:
    def uses(app: App, provider: str, **_: Any) -> list[str]:
        return [f"Create an Issue in {app}"]

    describe_deletion.connect(uses)
    try:
        question = developer.get(f"{JIRA}delete/").content.decode()
    finally:
        describe_deletion.disconnect(uses)
    assert "Create an Issue in Helpdesk" in question
    assert "1 connection with all tokens will be deleted. This cannot be undone." in question
    assert Action.objects.exists()


def test_delete_removes_action_and_connections(developer: Client, connected: Connection) -> None:
    page = developer.post(f"{JIRA}delete/", follow=True)
    assert not Action.objects.exists()
    assert not Connection.objects.exists()
    assert [card.provider for card in page.context["available"]] == ["jira"]


def test_there_is_nothing_to_disable_or_delete_before(developer: Client) -> None:
    assert "nothing to disable" in developer.get(f"{JIRA}disable/", follow=True).content.decode()
    assert "nothing to delete" in developer.post(f"{JIRA}delete/", follow=True).content.decode()


def test_delete_counts_people_and_links_and_disable_says_what_waits(developer: Client, connected: Connection) -> None:
    Action.objects.update(authorization_type=Action.AuthorizationType.ALLOW_USERS)
    action = Action.objects.get()
    person = EndUserFactory(app=action.app)
    ConnectionFactory(action=action, end_user=person)
    links.send(action, EndUserFactory(app=action.app))
    question = developer.get(f"{JIRA}delete/").content.decode()
    assert "2 connections with all tokens will be deleted." in question
    assert "1 person will have to authorize again with a new link." in question
    assert "1 authorization link will be deleted; 1 that can still be used stop." in question
    question = developer.get(f"{JIRA}disable/").content.decode()
    assert "1 authorization link cannot be used until it is enabled again." in question
