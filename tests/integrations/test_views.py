from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from integrations.flows import authorize
from integrations.models import AuthorizationAttempt, Connection
from tests.factories import ActionFactory, staff
from tests.integrations.grants import parameters

if TYPE_CHECKING:
    from django.conf import LazySettings
    from django.http import HttpResponse

    from integrations.models import Action
    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db

CALLBACK = "/oauth/callback/"


class Browser:
    """A member's browser that has started an authorization."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.action: Action = ActionFactory(app__name="Helpdesk")
        self.user = staff(self.action.app)
        self.client = Client()
        self.client.force_login(self.user)
        session = self.client.session
        self.url = authorize.begin(self.action, session=session, user=self.user).url
        session.save()

    def consent(self, **choices: Any) -> dict[str, str]:
        return parameters(self.sandbox.consent(self.url, **choices))

    def come_back(self, params: dict[str, str], client: Client | None = None) -> HttpResponse:
        return (client or self.client).get(CALLBACK, params)  # type: ignore[return-value]


@pytest.fixture
def browser(atlassian: Sandbox) -> Browser:
    return Browser(atlassian)


def words(page: HttpResponse) -> str:
    return " ".join(page.content.decode().split())


def test_success_goes_back_to_the_page_of_the_action(browser: Browser) -> None:
    page = browser.come_back(browser.consent())
    assert page.status_code == 302
    assert page["Location"] == f"/admin/apps/{browser.action.app.slug}/actions/jira/"
    assert Connection.objects.get().usable


def test_the_address_with_the_code_is_not_kept_by_caches(browser: Browser) -> None:
    assert "no-store" in browser.come_back(browser.consent())["Cache-Control"]


def test_a_denied_consent_has_a_page_with_a_way_back(browser: Browser) -> None:
    page = browser.come_back(browser.consent(accept=False))
    assert page.status_code == 400
    assert "Access was not allowed" in words(page)
    assert "Back to JIRA" in words(page)
    assert f"/admin/apps/{browser.action.app.slug}/actions/jira/" in words(page)


def test_an_expired_state_has_a_page(browser: Browser) -> None:
    AuthorizationAttempt.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "took too long" in words(browser.come_back({"state": parameters(browser.url)["state"], "code": "x"}))


def test_a_replayed_state_has_a_page_and_changes_nothing(browser: Browser) -> None:
    back = browser.consent()
    browser.come_back(back)
    page = browser.come_back(back)
    assert page.status_code == 409
    assert "already finished" in words(page)
    assert Connection.objects.get().generation == 1


def test_a_second_browser_has_a_page_that_tells_nothing_of_the_app(browser: Browser) -> None:
    page = browser.come_back(browser.consent(), Client())
    assert page.status_code == 403
    assert "Started somewhere else" in words(page)
    assert "Helpdesk" not in words(page)
    assert not Connection.objects.exists()


def test_another_members_browser_has_the_same_page(browser: Browser) -> None:
    other = Client()
    other.force_login(staff(browser.action.app))
    assert browser.come_back(browser.consent(), other).status_code == 403


def test_a_wrong_secret_has_a_page_that_names_the_setting(browser: Browser, settings: LazySettings) -> None:
    back = browser.consent()
    settings.XO_JIRA_CLIENT_SECRET = "wrong"
    assert "XO_JIRA_CLIENT_SECRET" in words(browser.come_back(back))


def test_an_account_without_a_site_has_a_page(browser: Browser) -> None:
    page = browser.come_back(browser.consent(person="hana", sites=("notes",)))
    assert "No site was chosen" in words(page)


def test_a_provider_that_does_not_answer_has_a_page(browser: Browser) -> None:
    back = browser.consent()
    browser.sandbox.fault("cut_before", on="token", times=None)
    page = browser.come_back(back)
    assert page.status_code == 503
    assert "No answer" in words(page)


def test_an_address_without_anything_has_a_page() -> None:
    page = Client().get(CALLBACK)
    assert page.status_code == 400
    assert "We do not know this sign-in" in words(page)  # type: ignore[arg-type]


def test_what_a_visitor_writes_into_the_address_is_not_shown_as_a_page(browser: Browser) -> None:
    evil = {"state": parameters(browser.url)["state"], "error": "x", "error_description": "<script>alert(1)</script>"}
    assert "<script>alert" not in words(browser.come_back(evil))


def test_only_reading_is_answered() -> None:
    assert Client().post(CALLBACK).status_code == 405
