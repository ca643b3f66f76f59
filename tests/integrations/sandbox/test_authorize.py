"""Sign-in and consent: what leads back to the app, and what must never."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integrations.sandbox.visitor import ACME, APP, GLOBEX, Visitor, query


def test_it_asks_to_sign_in_first(visitor: Visitor) -> None:
    response = visitor.http.get(visitor.address())
    assert response.status_code == 302
    assert response.location.startswith("/login?continue=")


def test_it_marks_every_page_as_a_stand_in(visitor: Visitor) -> None:
    assert "a stand-in for Atlassian" in visitor.http.get("/login").text
    assert "a stand-in for Atlassian" in visitor.page().text


def test_sign_in_leads_nowhere_but_to_the_consent_page(visitor: Visitor) -> None:
    response = visitor.http.post("/login", data={"person": "ada", "continue": "https://evil.example/"})
    assert response.location == "/"


def test_the_consent_page_names_app_person_scopes_and_sites(visitor: Visitor) -> None:
    page = visitor.page("ben").text
    for words in ("XO Platform", "Ben Brook", "read:jira-work", "acme.atlassian.net", "globex.atlassian.net", "Cancel"):
        assert words in page


def test_accepting_leads_to_the_callback_with_code_and_state(visitor: Visitor) -> None:
    visitor.sign_in("ada")
    sent = query(visitor.decide("acme"))
    assert sent["state"] == "s1"
    assert len(sent["code"]) > 20


def test_cancelling_leads_to_the_callback_with_access_denied(visitor: Visitor) -> None:
    visitor.sign_in("ada")
    sent = query(visitor.decide("acme", action="cancel"))
    assert sent["error"] == "access_denied"
    assert sent["state"] == "s1"
    assert sent["error_description"]
    assert not visitor.world.grants.all()


def test_it_does_not_enforce_a_state(visitor: Visitor) -> None:
    visitor.sign_in("ada")
    assert "state" not in query(visitor.decide("acme", state=None))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": "nobody"}, "could not retrieve the client"),
        ({"redirect_uri": APP.callback_url + "?x=1"}, "is not in the list of allowed callback URLs"),
        ({"redirect_uri": APP.callback_url.rstrip("/")}, "unauthorized_client"),
        ({"redirect_uri": None}, "Callback URL mismatch"),
        ({"audience": None}, "audience"),
        ({"response_type": "token"}, "response type"),
    ],
)
def test_it_never_redirects_a_faulty_request(visitor: Visitor, changes: dict[str, Any], words: str) -> None:
    page = visitor.page(**changes)
    assert page.status_code == 400
    assert words in page.text
    decided = visitor.decide("acme", **changes)
    assert decided.status_code == 400
    assert not decided.location


def test_an_app_that_is_not_shared_works_for_its_owner_only(visitor: Visitor) -> None:
    visitor.control("clients", shared=False, owner="ada")
    assert visitor.page("ben").status_code == 403
    assert visitor.page("ada").status_code == 200


def test_a_site_that_blocks_user_apps_shows_the_sentence(visitor: Visitor) -> None:
    visitor.sign_in("ivy")
    page = visitor.decide("umbrella")
    assert page.status_code == 403
    assert "Your site admin must authorize this app for the site umbrella.atlassian.net" in page.text


def test_a_person_without_jira_on_the_site_is_told_so(visitor: Visitor) -> None:
    visitor.control("sites", name="acme", without_jira=["dee"])
    visitor.sign_in("dee")
    assert "requires access to a Jira site" in visitor.decide("acme").text


def test_a_site_has_to_be_chosen(visitor: Visitor) -> None:
    visitor.sign_in("ben")
    page = visitor.decide()
    assert page.status_code == 400
    assert "Choose a site" in page.text


def test_the_sites_of_others_cannot_be_chosen(visitor: Visitor) -> None:
    visitor.sign_in("ada")
    assert visitor.decide("globex").status_code == 400


def test_a_person_without_a_site_can_still_accept(visitor: Visitor) -> None:
    assert "You have no site" in visitor.page("cy").text
    visitor.become("cy", ())
    assert visitor.api("/oauth/token/accessible-resources").get_json() == []


def test_a_second_consent_adds_its_site_and_replaces_the_scopes(visitor: Visitor) -> None:
    first = visitor.tokens("ben", ["acme"])
    visitor.tokens("ben", ["globex"], scope="read:jira-work offline_access")
    (grant,) = visitor.world.grants.all()
    assert grant.sites == [ACME, GLOBEX]
    assert grant.scope == "read:jira-work offline_access"
    visitor.access_token = first["access_token"]
    reached = [each["id"] for each in visitor.api("/oauth/token/accessible-resources").get_json()]
    assert reached == [ACME, GLOBEX]


def test_a_resource_level_app_reaches_only_the_sites_of_that_consent(visitor: Visitor) -> None:
    visitor.control("clients", mode="resource")
    visitor.tokens("ben", ["acme"])
    visitor.become("ben", ["globex"])
    reached = [each["id"] for each in visitor.api("/oauth/token/accessible-resources").get_json()]
    assert reached == [GLOBEX]


def test_scopes_not_added_to_the_app_are_missing_later(visitor: Visitor) -> None:
    visitor.control("clients", scopes=["read:jira-work"])
    assert visitor.tokens()["scope"] == "read:jira-work"
