"""The page that a link opens: what it says, what its buttons do, and what looking at it leaves alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from integrations.flows import links
from integrations.models import (
    Action,
    AuditEntry,
    AuthorizationAttempt,
    AuthorizationLink,
    AuthorizationProfile,
    Connection,
)
from tests.factories import EndUserFactory, ProfileFactory
from tests.integrations.visits import Visit, personal_action

from .conftest import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.conf import LazySettings

    from .conftest import Person

    People = Callable[..., Person]


def test_it_says_who_asks_for_what_for_whom_and_that_nothing_has_happened(person: People) -> None:
    ada = person(action=personal_action(app__name="Helpdesk Bot"))
    page = words(ada.open())
    assert "Helpdesk Bot asks for access to your JIRA" in page
    assert "ada@…" in page
    assert "ada@example.com" not in page
    assert "create and edit issues" in page
    assert "Not you? Close this page; nothing has happened." in page
    assert "It will never see your password." in page
    assert "Continue to Atlassian" in page
    assert "No, thanks" in page


def test_opening_it_changes_nothing_however_often_and_by_whatever_program(person: People) -> None:
    ada = person()
    before = AuthorizationLink.objects.values().get(), AuditEntry.objects.count()
    for _ in range(3):
        ada.open(Client())
    Client().head(ada.path)
    assert (AuthorizationLink.objects.values().get(), AuditEntry.objects.count()) == before
    assert not AuthorizationAttempt.objects.exists()
    assert not Session.objects.exists()


@pytest.mark.parametrize("button", ["start", "decline", "keep", "again", "token"])
def test_its_buttons_answer_only_when_pressed(person: People, button: str) -> None:
    ada = person()
    assert ada.browser.get(f"{ada.path}{button}/").status_code == 405


def test_a_forged_press_is_refused(person: People) -> None:
    ada = person()
    strict = Client(enforce_csrf_checks=True)
    strict.get(ada.path)
    assert strict.post(f"{ada.path}start/").status_code == 403
    assert not AuthorizationAttempt.objects.exists()


def test_the_page_keeps_its_address_to_itself(person: People) -> None:
    ada = person()
    page = ada.open()
    assert page["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page["Cache-Control"]
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "unsafe" not in page["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    away = ada.press("start")
    assert away["Referrer-Policy"] == "no-referrer"
    assert ada.path not in away["Location"]


def test_continue_leads_to_the_provider_and_notes_that_the_link_was_opened(person: People) -> None:
    ada = person()
    there = ada.press("start")
    assert there["Location"].startswith(f"{ada.sandbox.url}/authorize?")
    assert AuthorizationLink.objects.get().state == "opened"
    attempt = AuthorizationAttempt.objects.get()
    assert (attempt.link, attempt.end_user) == (ada.visit.link, ada.visit.end_user)


def test_no_thanks_is_taken_kindly_and_the_link_waits_for_a_change_of_mind(person: People) -> None:
    ada = person()
    page = words(ada.press("decline"))
    assert "That is fine. Nothing was connected" in page
    assert "open the link again" in page
    assert AuthorizationLink.objects.get().open
    assert AuditEntry.objects.filter(verb="link_declined", end_user=ada.visit.end_user).exists()
    assert "Continue to Atlassian" in words(ada.open())


def test_who_closed_the_providers_window_finds_where_things_stand(person: People) -> None:
    ada = person()
    ada.press("start")
    page = words(ada.open())
    assert "You went to Atlassian from here and have not come back yet." in page
    assert "administrator of your site does not allow apps" in page
    assert "return address is not registered" in page
    assert "Continue to Atlassian" in page
    assert "have not come back" not in words(ada.open(Client()))


def test_a_trip_that_ended_badly_is_told_on_the_links_page(person: People) -> None:
    ada = person()
    ada.consented(accept=False)
    page = words(ada.open())
    assert "The last try: Access was not allowed on the page of JIRA." in page
    assert "Continue to Atlassian" in page


def test_an_account_connected_before_can_be_kept_or_connected_again(person: People) -> None:
    ada = person()
    ada.visit.connect()
    again = person(action=ada.visit.action, end_user=ada.visit.end_user)
    page = words(again.open())
    assert "Already connected as <strong>Ada Ames at acme</strong>" in page
    assert "Nothing was changed" in words(again.press("keep"))
    assert Connection.objects.get().generation == 1
    assert again.press("start").status_code == 302


class TestClosed:
    def test_a_used_link_says_so_and_offers_another(self, person: People) -> None:
        ada = person()
        ada.visit.connect()
        page = ada.open()
        assert page.status_code == 410
        assert "This link has been used" in words(page)
        assert "Send me a new link" in words(page)
        assert "ada@…" in words(page)

    def test_an_expired_link_says_so(self, person: People) -> None:
        ada = person()
        AuthorizationLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert "This link has expired" in words(ada.open())
        assert ada.press("start").status_code == 410
        assert not AuthorizationAttempt.objects.exists()

    def test_a_revoked_link_says_so(self, person: People) -> None:
        ada = person()
        links.revoke(ada.visit.link)
        assert "This link was withdrawn" in words(ada.open())

    def test_an_unknown_link_has_a_page_without_anybodys_name(self, person: People) -> None:
        page = person().browser.get("/authorize/no-such-link/")
        assert page.status_code == 404
        assert "We do not know this link" in words(page)
        assert "Send me a new link" not in words(page)

    def test_a_new_link_is_mailed_to_the_stored_address_and_only_once_in_a_while(self, person: People) -> None:
        ada = person()
        links.revoke(ada.visit.link)
        page = ada.press("again", email="mallory@example.com")
        assert "A new link is on its way" in words(page)
        assert "mallory" not in words(page)
        new = AuthorizationLink.objects.exclude(pk=ada.visit.link.pk).get()
        assert (new.end_user, new.channel, new.delivery) == (ada.visit.end_user, "mail", "queued")
        again = ada.press("again")
        assert again.status_code == 429
        assert "less than ten minutes ago" in words(again)
        assert AuthorizationLink.objects.count() == 2

    def test_no_link_is_offered_to_a_person_without_an_address(self, person: People) -> None:
        action = personal_action()
        ada = person(action=action, end_user=EndUserFactory(app=action.app, email="", name="Ada"), channel="chat")
        assert "For: <strong>Ada</strong>" in words(ada.open())
        links.revoke(ada.visit.link)
        assert "Send me a new link" not in words(ada.open())
        assert ada.press("again").status_code >= 400

    def test_asking_again_with_a_link_that_still_works_just_shows_it(self, person: People) -> None:
        ada = person()
        assert ada.press("again")["Location"] == ada.path
        assert AuthorizationLink.objects.count() == 1

    @pytest.mark.parametrize(
        "change", [{"status": "disabled"}, {"authorization_type": Action.AuthorizationType.PRE_AUTHORIZE}]
    )
    def test_an_app_that_does_not_ask_now_says_so(self, person: People, change: dict[str, str]) -> None:
        ada = person()
        Action.objects.update(**change)
        assert "There is nothing to connect now" in words(ada.open())
        assert ada.press("start").status_code == 409
        assert not AuthorizationAttempt.objects.exists()


def test_a_missing_registration_is_the_teams_to_mend(person: People, settings: LazySettings) -> None:
    ada = person()
    settings.XO_JIRA_CLIENT_ID = ""
    page = words(ada.press("start"))
    assert "The team behind" in page
    assert "XO_JIRA" not in page
    assert "Continue to Atlassian" in words(ada.open())


def test_scopes_of_a_profile_are_asked_for_in_their_own_words(person: People) -> None:
    action = personal_action()
    profile: AuthorizationProfile = ProfileFactory(
        app=action.app, scopes=[{"key": "1", "value": "read:jira-work"}, {"key": "2", "value": "made:up"}]
    )
    Action.objects.update(card="custom", profile=profile)
    action.refresh_from_db()
    page = words(person(action=action).open())
    assert "made:up" in page
    assert "create and edit issues" not in page


def test_the_token_is_in_no_log(person: People, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    ada = person()
    token = urlsplit(ada.visit.address).path.split("/")[2]
    ada.open()
    ada.press("start")
    ada.press("decline")
    links.revoke(ada.visit.link)
    ada.open()
    assert token not in caplog.text


def test_two_people_in_one_browser_each_see_their_own(person: People) -> None:
    ada, dee = person(), person()
    dee.browser = ada.browser
    ada.press("start")
    assert "have not come back yet" not in words(dee.open())
    assert isinstance(dee.visit, Visit)


def speaker(locale: str, app_locale: str = "en") -> dict[str, Any]:
    """A person of this language, with what a link of theirs is made of."""
    action = personal_action(app__name="Helpdesk Bot", app__locale=app_locale)
    return {"action": action, "end_user": EndUserFactory(app=action.app, email="ada@example.com", locale=locale)}


def test_it_speaks_the_persons_language(person: People) -> None:
    answer = person(**speaker("de-CH")).open()
    page = words(answer)
    assert '<html lang="de"' in page
    assert answer.headers["Content-Language"] == "de"
    assert "Helpdesk Bot bittet um Zugriff auf Ihr JIRA" in page
    assert "Vorgänge erstellen und bearbeiten" in page


def test_it_speaks_the_apps_language_where_the_persons_is_unknown(person: People) -> None:
    assert '<html lang="fr"' in words(person(**speaker("", "fr")).open())


def test_a_person_who_is_known_is_not_spoken_to_as_the_browser_asks(person: People) -> None:
    ada = person(**speaker("de", "en"))
    assert '<html lang="de"' in words(ada.browser.get(ada.path, headers={"Accept-Language": "es"}))


@pytest.mark.django_db
def test_somebody_unknown_is_spoken_to_as_the_browser_asks() -> None:
    page = words(Client().get("/authorize/no-such-link/", headers={"Accept-Language": "es-MX,en;q=0.5"}))
    assert '<html lang="es"' in page
    assert "No existe tal enlace" in page


def test_days_are_written_as_the_language_does(person: People) -> None:
    ada = person(**speaker("es"))
    until = timezone.localtime(AuthorizationLink.objects.get().expires_at)
    assert f"hasta el {until.day} de " in words(ada.press("decline"))


def test_a_closed_link_says_why_in_the_persons_language(person: People) -> None:
    ada = person(**speaker("fr"))
    links.revoke(ada.visit.link)
    page = words(ada.open())
    assert "Ce lien a été retiré ou remplacé par un plus récent." in page


def test_what_is_kept_of_a_failed_try_is_in_the_persons_language(person: People) -> None:
    ada = person(**speaker("de"))
    ada.consented(accept=False)
    assert AuthorizationAttempt.objects.get().reason.startswith("Der Zugriff wurde auf der Seite von")


def test_what_is_wrong_with_a_field_is_said_in_the_persons_language(person: People) -> None:
    about = speaker("de")
    about["action"].method = Action.Method.BASIC
    about["action"].save()
    page = words(person(**about).press("token", site_url="", email="ada", token="x"))
    assert "Dieses Feld ist zwingend erforderlich." in page
