"""The Configurations of an action: what can be chosen, what cannot, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from integrations.admin.instructions import prose
from integrations.catalog import registry
from integrations.flows import client_faults
from integrations.flows.clients import client_of
from integrations.models import Action
from tests.factories import ProfileFactory

from .conftest import CHOICES, JIRA

if TYPE_CHECKING:
    from django.test import Client

    from integrations.models import Connection
    from tests.sandbox import Sandbox
    from xoplatform.models import App


def test_the_instructions_name_what_to_register_what_is_supported_and_what_is_asked_for(
    developer: Client, atlassian: Sandbox
) -> None:
    page = developer.get(JIRA, {"tab": "instructions"}).content.decode()
    assert 'data-copy="http://127.0.0.1:8000/oauth/callback/"' in page
    assert "Before you start" in page
    assert "write:jira-work" in page
    assert "create and edit issues, comment, change their status, delete them" in page
    assert page.count("✓ yes") == 4
    assert "not yet" not in page


def test_an_unknown_provider_is_not_found(developer: Client) -> None:
    assert developer.get("/admin/apps/helpdesk/actions/fax/").status_code == 404


def test_editions_that_cannot_be_authorized_say_why(developer: Client) -> None:
    editions = {e.value: e for e in developer.get(JIRA).context["editions"]}
    assert list(editions) == ["developer", "enterprise", "trial"]
    assert not editions["developer"].refusal
    assert "Trial edition can't be authorized" in editions["trial"].refusal


def test_no_edition_is_chosen_for_the_person(developer: Client) -> None:
    assert not any(edition.is_chosen for edition in developer.get(JIRA).context["editions"])


def test_what_comes_later_cannot_be_pressed_and_says_so(developer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = registry.provider("jira").manifest
    offered = replace(manifest.authorization, types=("pre_authorize",), methods=("oauth",))
    monkeypatch.setattr(registry.provider("jira"), "manifest", replace(manifest, authorization=offered))
    context = developer.get(JIRA).context
    later = [o.value for name in ("types", "methods") for o in context[name] if "later release" in o.unavailable]
    assert later == ["allow_users", "basic"]
    page = developer.get(JIRA).content.decode()
    assert 'value="allow_users" disabled' in " ".join(page.split())


def test_system_without_a_client_is_greyed_and_names_the_settings(
    developer: Client, atlassian: Sandbox, settings: object
) -> None:
    settings.XO_JIRA_CLIENT_ID = ""  # type: ignore[attr-defined]
    system, custom = developer.get(JIRA).context["cards"]
    assert "XO_JIRA_CLIENT_ID and XO_JIRA_CLIENT_SECRET must be set" in system.unavailable
    assert not system.is_chosen
    assert custom.is_chosen


def test_system_with_a_client_can_be_chosen(developer: Client, atlassian: Sandbox) -> None:
    system, _custom = developer.get(JIRA).context["cards"]
    assert not system.unavailable
    assert system.is_chosen


def test_only_profiles_of_this_app_are_offered(developer: Client, app: App) -> None:
    own, _other = ProfileFactory(app=app), ProfileFactory()
    assert developer.get(JIRA).context["profiles"] == [own]


def test_create_new_leads_to_the_form_with_this_provider_and_app(developer: Client, app: App) -> None:
    address = developer.get(JIRA).context["create_profile_address"]
    assert address == f"{JIRA}profiles/new/"


def test_choices_made_before_create_new_are_still_there_afterwards(developer: Client, atlassian: Sandbox) -> None:
    context = developer.get(JIRA, {"edition": "enterprise", "card": "custom"}).context
    assert [e.value for e in context["editions"] if e.is_chosen] == ["enterprise"]
    assert [c.value for c in context["cards"] if c.is_chosen] == ["custom"]


def test_enable_cannot_be_pressed_before_authorizing(developer: Client) -> None:
    page = " ".join(developer.get(JIRA).content.decode().split())
    assert 'disabled aria-describedby="enable-hint">Enable</button>' in page
    assert "Enable can be pressed once JIRA is authorized." in page


def test_a_viewer_may_look_but_press_nothing(viewer: Client, connected: Connection) -> None:
    page = viewer.get(JIRA).content.decode()
    assert "Authorized as Ada Example &lt;ada@example.com&gt;" in page
    assert "that needs the role Developer" in page
    assert "<button" not in page.split("data-rest")[1].split("data-waiting")[0]


def test_a_lost_grant_is_told_with_its_reason(developer: Client, connected: Connection) -> None:
    Action.objects.update(status=Action.Status.ERROR, error_reason="Ada ended the access.")
    connected.state = "needs_authorization"
    connected.save()
    page = developer.get(JIRA).content.decode()
    assert "Ada ended the access." in page
    assert "no longer works" in page
    assert "Authorize again" in page


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"edition": "trial"}, "Trial"),
        ({"edition": ""}, "edition"),
        ({"authorization_type": "allow_users"}, "Allow users to authorize"),
        ({"method": "fax"}, "fax"),
        ({"card": "gold"}, "gold"),
        ({"card": ""}, "Choose System or Custom"),
        ({"card": "custom"}, "Select an authorization profile"),
        ({"card": "custom", "profile": "999"}, "valid choice"),
    ],
)
def test_what_cannot_be_pressed_is_refused_when_posted_all_the_same(
    developer: Client, atlassian: Sandbox, choice: dict[str, str], words: str
) -> None:
    response = developer.post(f"{JIRA}authorize/", {**CHOICES, **choice}, headers={"accept": "application/json"})
    assert response.status_code == 400
    assert words in response.json()["error"]


def test_a_profile_of_another_app_is_refused(developer: Client, atlassian: Sandbox) -> None:
    foreign = ProfileFactory()
    choices = {**CHOICES, "card": "custom", "profile": foreign.pk}
    response = developer.post(f"{JIRA}authorize/", choices, headers={"accept": "application/json"})
    assert response.status_code == 400


def test_instructions_are_shown_as_text_where_they_are_no_markup() -> None:
    html = prose("Hello <b> **bold** and *so* `code`\n\n- one\n  goes on\n- two\n\n1. first\n\n## Head & tail")
    assert html.split("\n") == [
        '<p>Hello &lt;b&gt; <strong>bold</strong> and <em>so</em> <code class="xo-code">code</code></p>',
        "<ul><li>one goes on</li><li>two</li></ul>",
        "<ol><li>first</li></ol>",
        '<h2 class="xo-title">Head &amp; tail</h2>',
    ]


def test_a_refused_client_is_told_with_its_time_the_providers_words_and_who_can_mend_it(
    developer: Client, connected: Connection, atlassian: Sandbox
) -> None:
    action = connected.action
    client_faults.note(action, client_of(action), "Unauthorized <b>")
    page = " ".join(developer.get(JIRA).content.decode().split())
    assert "data-client-fault" in page
    assert "Atlassian refuses the client ID or secret of XO_JIRA_CLIENT_ID and XO_JIRA_CLIENT_SECRET." in page
    assert "First seen <time" in page
    assert "“Unauthorized &lt;b&gt;”" in page
    assert "The operator of this installation can compare" in page
    client_faults.clear(action)
    assert "data-client-fault" not in developer.get(JIRA).content.decode()


def test_a_refused_client_of_a_profile_is_told_on_both_pages(
    developer: Client, app: App, connected: Connection
) -> None:
    profile = ProfileFactory(app=app, name="Ours")
    action = connected.action
    action.card, action.profile = Action.Card.CUSTOM, profile
    action.save()
    client_faults.note(action, client_of(action), "Unauthorized")
    address = f"/admin/integrations/authorizationprofile/{profile.pk}/change/"
    for page, leads_there in ((JIRA, True), (address, False)):
        text = " ".join(developer.get(page).content.decode().split())
        assert "refuses the client ID or secret of the authorization profile “Ours”." in text
        assert (f'<a href="{address}">Open the profile</a>' in text) is leads_there


def test_an_api_token_needs_no_client(developer: Client, connected: Connection, atlassian: Sandbox) -> None:
    action = connected.action
    client_faults.note(action, client_of(action), "Unauthorized")
    Action.objects.update(method=Action.Method.BASIC)
    assert "data-client-fault" not in developer.get(JIRA).content.decode()
