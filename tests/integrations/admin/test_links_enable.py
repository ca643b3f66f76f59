from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail

from integrations.flows import links
from integrations.models import Action, AuditEntry, AuthorizationLink, LinkBatch
from tests.factories import ActionFactory, ConnectionFactory, EndUserFactory, ProfileFactory
from tests.integrations.flows.mailing import send_all

from .conftest import CHOICES, JIRA

if TYPE_CHECKING:
    from django.conf import LazySettings
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from integrations.models import Connection
    from xoplatform.models import App

PEOPLE = f"{JIRA}people/"
FOR_PEOPLE = {**CHOICES, "authorization_type": "allow_users"}


@pytest.fixture(autouse=True)
def registered(settings: LazySettings) -> None:
    settings.XO_JIRA_CLIENT_ID, settings.XO_JIRA_CLIENT_SECRET = "our-client", "hidden-client-secret"


@pytest.fixture
def crowd(app: App) -> None:
    EndUserFactory.create_batch(3, app=app)
    EndUserFactory(app=app, email="")


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.usefixtures("crowd")
def test_the_page_says_how_many_people_enable_reaches(developer: Client) -> None:
    page = text(developer.get(JIRA))
    assert "Enable sends a link to 3 people. 1 has no e-mail and gets theirs in chat." in page


@pytest.mark.usefixtures("crowd")
def test_enable_asks_first_and_stores_nothing_by_asking(developer: Client) -> None:
    page = text(developer.post(PEOPLE, FOR_PEOPLE))
    assert "Enable JIRA for everybody who uses Helpdesk?" in page
    assert "Enable sends a link to 3 people." in page
    assert not Action.objects.exists()
    assert not LinkBatch.objects.exists()


@pytest.mark.usefixtures("crowd")
def test_the_confirmed_enable_needs_no_authorize_and_sends_the_links(developer: Client) -> None:
    response = developer.post(PEOPLE, {**FOR_PEOPLE, "confirmed": "yes", "invite_new_users": "yes"}, follow=True)
    assert "JIRA is enabled" in text(response)
    action = Action.objects.get()
    assert (action.status, action.authorization_type, action.invite_new_users) == ("enabled", "allow_users", True)
    links.prepare(LinkBatch.objects.get().pk)
    send_all()
    assert len(mail.outbox) == 3
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {"configured", "enabled", "link_created"}


def test_a_custom_profile_travels_with_the_question(developer: Client, app: App) -> None:
    profile = ProfileFactory(
        app=app, authorization_url="https://id.example.com/authorize", token_url="https://id.example.com/token"
    )
    asked = text(developer.post(PEOPLE, {**FOR_PEOPLE, "card": "custom", "profile": profile.pk}))
    assert f'name="profile" value="{profile.pk}"' in asked
    developer.post(PEOPLE, {**FOR_PEOPLE, "card": "custom", "profile": profile.pk, "confirmed": "yes"})
    assert Action.objects.get().profile == profile


def test_a_trial_site_is_refused_before_anything_is_sent(developer: Client) -> None:
    page = text(developer.post(PEOPLE, {**FOR_PEOPLE, "edition": "trial", "confirmed": "yes"}, follow=True))
    assert "trial can end" in page
    assert not LinkBatch.objects.exists()


def test_links_that_would_lead_nowhere_are_not_sent(developer: Client, settings: LazySettings) -> None:
    settings.XO_JIRA_CLIENT_ID = ""
    page = text(developer.post(PEOPLE, {**FOR_PEOPLE, "confirmed": "yes"}, follow=True))
    assert "XO_JIRA_CLIENT_ID" in page
    assert not LinkBatch.objects.exists()


def test_a_viewer_cannot_enable_and_strangers_see_nothing(sign_in: Any) -> None:
    assert sign_in("viewer").post(PEOPLE, FOR_PEOPLE).status_code == 403
    assert sign_in("stranger").post(PEOPLE, FOR_PEOPLE).status_code == 404


def test_enabling_again_asks_about_links_instead_of_a_consent(developer: Client, app: App) -> None:
    ActionFactory(app=app, enabled=True, status="disabled", authorization_type="allow_users")
    page = text(developer.get(f"{JIRA}enable/", follow=True))
    assert "Enable sends a link to nobody." in page
    developer.post(PEOPLE, {"confirmed": "yes"})
    assert Action.objects.get().status == "enabled"


def test_pre_authorized_actions_send_no_links(developer: Client, connected: Connection) -> None:
    page = text(developer.post(PEOPLE, {"confirmed": "yes"}, follow=True))
    assert "nobody needs a link" in page
    assert not LinkBatch.objects.exists()


def test_the_page_of_an_enabled_action_says_how_many_are_connected(developer: Client, app: App) -> None:
    action = ActionFactory(app=app, enabled=True, authorization_type="allow_users")
    ConnectionFactory(action=action, end_user=EndUserFactory(app=app), client_id="our-client")
    EndUserFactory(app=app)
    page = text(developer.get(JIRA))
    assert "1 of 2 people connected" in page
    assert "A link goes to 1 person." in page
    assert "1 of 2 people connected" in text(developer.get("/admin/apps/helpdesk/actions/"))


def test_changing_the_client_counts_those_who_must_consent_again(developer: Client, app: App) -> None:
    action = ActionFactory(app=app, enabled=True, authorization_type="allow_users")
    ConnectionFactory(action=action, end_user=EndUserFactory(app=app), client_id="another-client")
    assert "A link goes to 1 person." in text(developer.post(PEOPLE, FOR_PEOPLE))
    developer.post(PEOPLE, {**FOR_PEOPLE, "confirmed": "yes"})
    links.prepare(LinkBatch.objects.get().pk)
    assert AuthorizationLink.objects.count() == 1


def test_asking_costs_the_same_for_many_people(
    developer: Client, app: App, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    EndUserFactory.create_batch(50, app=app)
    developer.post(PEOPLE, FOR_PEOPLE)
    with django_assert_max_num_queries(15):
        developer.post(PEOPLE, FOR_PEOPLE)
