"""After the provider's page: confirm the account and the site, type a code, or read why nothing was connected."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.utils import timezone

from integrations.flows import holding, links
from integrations.models import Action, AuthorizationAttempt, AuthorizationLink, Connection, HeldGrant
from tests.factories import EndUserFactory
from tests.integrations.visits import personal_action

from .conftest import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.conf import LazySettings

    from .conftest import Person

    People = Callable[..., Person]


def test_the_account_and_site_are_shown_before_they_are_stored(person: People) -> None:
    ada = person(action=personal_action(app__name="Helpdesk Bot"))
    page = ada.consented()
    assert page.redirect_chain[-1][0].startswith("/authorize/return/")
    text = words(page)
    assert "Connect Ada Ames · site acme?" in text
    assert "ada@example.com" in text
    assert "acme.atlassian.net" in text or "/site/acme" in text
    assert "Yes, connect" in text
    assert "Use another account" in text
    assert not Connection.objects.exists()


def test_yes_connects_and_says_what_comes_next(person: People) -> None:
    ada = person()
    done = ada.answer(ada.consented(), "confirm")
    assert "Connected as Ada Ames · site acme" in words(done)
    assert Connection.objects.get().end_user == ada.visit.end_user


def test_pressing_yes_twice_does_no_harm(person: People) -> None:
    ada = person()
    asked = ada.consented()
    ada.answer(asked, "confirm")
    assert "Connected as Ada Ames" in words(ada.answer(asked, "confirm"))
    assert Connection.objects.get().generation == 1


def test_of_several_sites_one_is_chosen_with_name_and_address(person: People) -> None:
    ben = person()
    page = ben.consented(person="ben", sites=("acme", "globex"))
    text = words(page)
    assert "Connect Ben Brook?" in text
    assert "Which site may" in text
    assert "globex" in text
    assert "checked" not in text
    assert "Choose the site that this App may use." in words(ben.answer(page, "confirm"))
    done = ben.answer(page, "confirm", site=ben.sandbox.cloud_id("globex"))
    assert "Connected as Ben Brook · site globex" in words(done)


def test_use_another_account_goes_back_to_the_provider_and_erases_what_waited(person: People) -> None:
    ada = person()
    page = ada.consented(person="dee")
    again = ada.browser.post(f"{page.redirect_chain[-1][0]}another/")
    assert again["Location"].startswith(f"{ada.sandbox.url}/authorize?")
    assert not HeldGrant.objects.exists()
    right = ada.come_back(ada.consent(started=again))
    assert "Connect Ada Ames" in words(right)


def test_do_not_connect_erases_what_waited_at_once(person: People) -> None:
    ada = person()
    page = ada.answer(ada.consented(), "discard")
    assert "Nothing was connected" in words(page)
    assert "has been erased" in words(page)
    assert not HeldGrant.objects.exists()
    assert AuthorizationLink.objects.get().open


def test_a_denied_consent_is_told_with_a_way_to_try_again(person: People) -> None:
    ada = person()
    page = ada.consented(accept=False)
    assert "Access was not allowed" in words(page)
    assert "Nothing was connected." in words(page)
    assert "Try again at Atlassian" in words(page)
    assert "your link stays valid" in words(page)
    again = ada.browser.post(f"{page.redirect_chain[-1][0]}another/")
    assert again["Location"].startswith(f"{ada.sandbox.url}/authorize?")


def test_an_account_without_a_site_is_told_whom_to_ask(person: People) -> None:
    assert "ask the administrator of the site" in words(person().consented(person="hana", sites=("notes",)))


def test_a_wrong_secret_is_told_without_naming_settings(person: People, settings: LazySettings) -> None:
    ada = person()
    back = ada.consent()
    settings.XO_JIRA_CLIENT_SECRET = "wrong"
    page = words(ada.come_back(back))
    assert "The team behind" in page
    assert "XO_JIRA" not in page


def test_a_provider_out_of_reach_is_told(person: People) -> None:
    ada = person()
    back = ada.consent()
    ada.sandbox.fault("cut_before", on="token", times=None)
    page = words(ada.come_back(back))
    assert "could not be reached" in page
    assert "Try again at Atlassian" in page


def test_another_browser_is_told_nothing_about_whose_it_is(person: People) -> None:
    ada = person(action=personal_action(app__name="Helpdesk Bot"))
    back = ada.consent()
    page = ada.come_back(back, Client())
    assert page.status_code == 403
    assert "Helpdesk Bot" not in words(page)
    assert "open that link again in this browser" in words(page)
    assert "Connect Ada Ames" in words(ada.come_back(back))


def test_no_other_browser_sees_or_answers_the_question(person: People) -> None:
    ada, mallory = person(), person()
    address = ada.consented().redirect_chain[-1][0]
    mallory.press("start")
    for browser in (Client(), mallory.browser):
        seen = browser.get(address)
        assert seen.status_code == 403
        assert "Ada Ames" not in words(seen)
        for button in ("confirm", "code", "another", "discard"):
            assert browser.post(f"{address}{button}/").status_code == 403
    assert HeldGrant.objects.exists()
    assert not Connection.objects.exists()


def test_coming_back_twice_shows_where_it_stands(person: People) -> None:
    ada = person()
    back = ada.consent()
    ada.come_back(back)
    assert "Connect Ada Ames" in words(ada.come_back(back))


def test_the_links_page_goes_on_where_the_person_was(person: People) -> None:
    ada = person()
    page = ada.consented()
    assert ada.open()["Location"] == page.redirect_chain[-1][0]
    ada.answer(page, "confirm")
    assert "Connected as Ada Ames" in words(ada.browser.get(ada.path, follow=True))
    assert "This link has been used" in words(ada.open(Client()))


def test_a_yes_that_comes_too_late_is_told(person: People) -> None:
    ada = person()
    page = ada.consented()
    HeldGrant.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "was not confirmed here in time" in words(ada.answer(page, "confirm"))
    assert not Connection.objects.exists()


def test_a_link_withdrawn_before_the_yes_is_told(person: People) -> None:
    ada = person()
    page = ada.consented()
    links.revoke(ada.visit.link)
    assert "This link was withdrawn" in words(ada.answer(page, "confirm"))
    assert not Connection.objects.exists()


def test_a_number_made_up_finds_nothing(person: People) -> None:
    ada = person()
    ada.press("start")
    assert ada.browser.get("/authorize/return/987654/").status_code == 403


def test_the_wrong_person_is_told_which_account_fits(person: People) -> None:
    action = personal_action(app__identity_rule="require")
    ada = person(action=action, end_user=EndUserFactory(app=action.app, email="grace@example.com"))
    page = words(ada.consented())
    assert "whose e-mail address is grace@…" in page
    assert "Try again at Atlassian" in page
    assert not HeldGrant.objects.exists()


def test_a_differing_address_is_warned_of(person: People) -> None:
    action = personal_action(app__identity_rule="warn")
    ada = person(action=action, end_user=EndUserFactory(app=action.app, email="grace@example.com"))
    assert "is not the one that the link was made for" in words(ada.consented())
    hidden = person(action=action, end_user=EndUserFactory(app=action.app, email="eli@example.com"))
    assert "could not be compared" in words(hidden.consented(person="eli"))


class TestCode:
    def shown(self, page: object) -> str:
        code: str = page.context["code"]  # type: ignore[attr-defined]
        return code

    def test_a_link_from_a_chat_ends_with_a_code(self, person: People) -> None:
        ada = person(channel="chat")
        page = ada.answer(ada.consented(), "confirm")
        code = self.shown(page)
        assert f"{code[:3]} {code[3:]}" in words(page)
        assert "tell nobody the code" in words(page)
        assert not Connection.objects.exists()
        assert holding.confirm_code(ada.visit.action.app_id, ada.visit.end_user.pk, "jira", code)
        address = f"/authorize/return/{AuthorizationAttempt.objects.get().pk}/"
        done = words(ada.browser.get(address))
        assert "Connected as Ada Ames · site acme" in done
        assert "it goes on by itself" in done

    def test_the_code_is_shown_once_and_another_on_demand(self, person: People) -> None:
        ada = person(channel="chat")
        asked = ada.consented()
        first = self.shown(ada.answer(asked, "confirm"))
        waiting = ada.browser.get(asked.redirect_chain[-1][0])
        assert first not in words(waiting)
        assert "Show another code" in words(waiting)
        second = self.shown(ada.answer(asked, "code"))
        assert second != first

    def test_after_too_many_wrong_codes_the_page_says_that_a_new_link_is_needed(self, person: People) -> None:
        ada = person(channel="chat")
        asked = ada.consented()
        ada.answer(asked, "confirm")
        for _guess in range(5):
            holding.confirm_code(ada.visit.action.app_id, ada.visit.end_user.pk, "jira", "WRONG2")
        assert "Too many wrong codes" in words(ada.answer(asked, "code"))
        assert not Connection.objects.exists()

    def test_coming_to_the_link_again_leads_to_the_code(self, person: People) -> None:
        ada = person(channel="chat")
        asked = ada.consented()
        ada.answer(asked, "confirm")
        assert ada.open()["Location"] == asked.redirect_chain[-1][0]


class TestOwnToken:
    def basic(self, person: People, **more: object) -> Person:
        return person(action=personal_action(method=Action.Method.BASIC), **more)

    def test_the_page_asks_for_site_email_and_token_and_tells_the_rule(
        self, person: People, settings: LazySettings
    ) -> None:
        page = words(self.basic(person).open())
        assert "API token" in page
        assert "Atlassian forbids" in page
        assert "Continue to Atlassian" not in page

    def test_a_token_is_checked_confirmed_and_then_stored(self, person: People, settings: LazySettings) -> None:
        ada = self.basic(person)
        settings.XO_SANDBOX_URL = ada.sandbox.url
        site = f"{ada.sandbox.url}/site/acme"
        page = ada.browser.post(
            f"{ada.path}token/",
            {"site_url": site, "email": "ada@example.com", "token": ada.sandbox.api_token()},
            follow=True,
        )
        assert "Connect Ada Ames · site acme?" in words(page)
        assert not Connection.objects.exists()
        assert "Connected as Ada Ames" in words(ada.answer(page, "confirm"))
        row = Connection.objects.get()
        assert (row.kind, row.login, row.end_user) == ("basic", "ada@example.com", ada.visit.end_user)

    def test_a_wrong_token_is_refused_and_never_shown(self, person: People, settings: LazySettings) -> None:
        ada = self.basic(person)
        settings.XO_SANDBOX_URL = ada.sandbox.url
        given: dict[str, Any] = {
            "site_url": f"{ada.sandbox.url}/site/acme",
            "email": "ada@example.com",
            "token": "hidden-wrong-token",
        }
        page = words(ada.press("token", **given))
        assert "did not accept this e-mail and API token" in page
        assert "hidden-wrong-token" not in page
        assert "ada@example.com" in page
        assert not HeldGrant.objects.exists()

    def test_what_is_missing_is_named_at_its_field(self, person: People) -> None:
        page = words(self.basic(person).press("token", site_url="", email="nobody", token=""))
        assert "Enter a valid email address." in page
        assert "This field is required." in page

    def test_a_chat_link_asks_for_the_code_here_too(self, person: People, settings: LazySettings) -> None:
        ada = self.basic(person, channel="chat")
        settings.XO_SANDBOX_URL = ada.sandbox.url
        given = {
            "site_url": f"{ada.sandbox.url}/site/acme",
            "email": "ada@example.com",
            "token": ada.sandbox.api_token(),
        }
        page = ada.browser.post(f"{ada.path}token/", given, follow=True)
        ada.answer(page, "confirm")
        assert not Connection.objects.exists()

    def test_a_token_is_not_taken_where_the_app_uses_sign_in(self, person: People) -> None:
        ada = person()
        given: dict[str, Any] = {"site_url": "https://acme.atlassian.net", "email": "ada@example.com", "token": "x"}
        assert "cannot be authorized with an API token" in words(ada.press("token", **given))
        assert not AuthorizationAttempt.objects.exists()

    def test_no_sign_in_is_begun_where_the_app_uses_tokens(self, person: People) -> None:
        ada = self.basic(person)
        assert "cannot be authorized with a sign-in" in words(ada.press("start"))
        assert not AuthorizationAttempt.objects.exists()
