"""Journey J1 through the pages: authorize at the provider, choose a site, enable; and every way it can end early."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.utils import timezone

from integrations.models import Action, AuthorizationAttempt, Connection
from tests.factories import ProfileFactory

from .conftest import CHOICES, JIRA

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from tests.sandbox import Sandbox
    from xoplatform.models import App

    from .conftest import Journey


def test_jira_is_authorized_and_enabled_and_then_stands_under_configured(journey: Journey) -> None:
    page = journey.authorize().content.decode()
    assert "✓ Authorized as Ada Ames &lt;ada@example.com&gt;" in page
    assert "Site acme" in page
    enabled = journey.client.post(f"{JIRA}enable/", follow=True)
    assert enabled.redirect_chain == [(f"{JIRA}?enabled=first", 302)]
    assert "Integration Successful" in enabled.content.decode()
    assert "Explore Templates" in enabled.content.decode()
    cards = journey.client.get("/admin/apps/helpdesk/actions/").context["configured"]
    assert [card.provider for card in cards] == ["jira"]


def test_the_second_enable_does_not_congratulate_again(journey: Journey) -> None:
    journey.authorize()
    journey.client.post(f"{JIRA}enable/")
    journey.client.post(f"{JIRA}disable/")
    again = journey.client.post(f"{JIRA}enable/", follow=True).content.decode()
    assert "Integration Successful" not in again
    assert "JIRA is enabled. Dialogs can use it again." in again
    assert journey.sandbox.counts()["families"]  # one grant was enough
    assert Connection.objects.count() == 1


def test_enable_before_authorizing_is_refused_in_words(journey: Journey) -> None:
    page = journey.client.post(f"{JIRA}enable/", follow=True).content.decode()
    assert "Integration Successful" not in page
    assert "The edition of your JIRA site is not chosen." in page
    assert not Action.objects.filter(status=Action.Status.ENABLED).exists()


def test_a_script_gets_the_address_and_then_the_outcome(journey: Journey) -> None:
    def state() -> str:
        return str(journey.client.get(f"{JIRA}authorize/state/").json()["state"])

    assert state() == "none"
    begun = journey.client.post(f"{JIRA}authorize/", CHOICES, headers={"accept": "application/json"}).json()
    assert begun["url"].startswith(f"{journey.sandbox.url}/authorize?")
    assert state() == "waiting"
    back = urlsplit(journey.sandbox.consent(begun["url"]))
    journey.client.get(f"{back.path}?{back.query}")
    assert state() == "connected"


def test_while_waiting_the_page_names_the_usual_reasons_and_the_callback_url(journey: Journey) -> None:
    journey.press_authorize()
    context = journey.client.get(JIRA).context
    assert context["is_waiting"]
    page = journey.page()
    assert "Waiting for Atlassian" in page
    assert "an administrator of the site has blocked apps of users" in page
    assert "http://127.0.0.1:8000/oauth/callback/" in page


def test_of_several_sites_none_is_taken_silently(journey: Journey) -> None:
    page = journey.authorize(person="ben", sites=["acme", "globex"])
    assert [site["name"] for site in page.context["sites_to_choose"]] == ["acme", "globex"]
    assert "checked" not in page.content.decode().split("Which site may this App use?")[1].split("</form>")[0]
    refused = journey.client.post(f"{JIRA}enable/", follow=True).content.decode()
    assert "Integration Successful" not in refused
    globex = page.context["sites_to_choose"][1]["id"]
    chosen = journey.client.post(f"{JIRA}site/", {"site": globex}, follow=True)
    assert "JIRA is authorized for the site globex." in chosen.content.decode()
    assert chosen.context["may_enable"]
    assert Connection.objects.get().site_name == "globex"


def test_a_site_that_was_not_granted_is_refused(journey: Journey) -> None:
    journey.authorize(person="ben", sites=["acme", "globex"])
    page = journey.client.post(f"{JIRA}site/", {"site": "elsewhere"}, follow=True).content.decode()
    assert "not part of what was allowed" in page
    assert not Connection.objects.get().usable


def test_a_denied_consent_says_what_was_not_saved_and_offers_to_try_again(journey: Journey) -> None:
    journey.authorize(accept=False)
    page = journey.page()
    assert "Access was not allowed." in page
    assert "Nothing was authorized." in page
    assert "Try again" in page
    assert not Connection.objects.exists()


def test_a_wrong_client_secret_names_where_it_is_mended(journey: Journey, settings: object) -> None:
    settings.XO_JIRA_CLIENT_SECRET = "not-the-secret"  # type: ignore[attr-defined]
    journey.authorize()
    page = journey.page()
    assert "XO_JIRA_CLIENT_SECRET" in page
    assert "not-the-secret" not in page
    assert not Connection.objects.exists()


def test_an_account_without_a_site_is_told_whom_to_ask(journey: Journey) -> None:
    journey.authorize(person="cy", sites=[])
    assert "ask the administrator of the site" in journey.page()
    assert not Connection.objects.exists()


def test_when_nothing_comes_back_the_page_says_so_after_ten_minutes(journey: Journey) -> None:
    journey.press_authorize()
    AuthorizationAttempt.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert journey.client.get(f"{JIRA}authorize/state/").json() == {"state": "expired"}
    page = journey.page()
    assert "Nothing came back within ten minutes." in page
    assert "the callback URL is not registered exactly as shown here" in page


def test_how_it_ended_is_told_only_to_the_one_who_went(journey: Journey, sign_in: Callable[[str], Client]) -> None:
    journey.authorize(accept=False)
    assert sign_in("owner").get(JIRA).context["ending"] is None


def test_an_old_ending_is_not_told_for_ever(journey: Journey) -> None:
    journey.authorize(accept=False)
    AuthorizationAttempt.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert journey.client.get(JIRA).context["ending"] is None


def test_a_custom_profile_is_selected_and_used(journey: Journey, app: App, atlassian: Sandbox) -> None:
    profile = ProfileFactory(
        app=app,
        client_id=atlassian.client_id,
        client_secret=atlassian.client_secret,
        authorization_url=f"{atlassian.url}/authorize",
        token_url=f"{atlassian.url}/oauth/token",
    )
    there = journey.press_authorize(card="custom", profile=profile.pk)
    back = urlsplit(atlassian.consent(there["Location"]))
    page = journey.client.get(f"{back.path}?{back.query}", follow=True).content.decode()
    assert "✓ Authorized as Ada Ames" in page
    assert f"through “{profile.name}”" in page
    assert Action.objects.get().profile == profile


def test_reauthorizing_an_action_in_error_mends_it(journey: Journey) -> None:
    journey.authorize()
    journey.client.post(f"{JIRA}enable/")
    Action.objects.update(status=Action.Status.ERROR, error_reason="Ada ended the access.")
    page = journey.authorize().content.decode()
    assert "Ada ended the access." not in page
    assert Action.objects.get().status == Action.Status.ENABLED
