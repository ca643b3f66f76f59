"""Who is there and which sites can be reached."""

from __future__ import annotations

from typing import Any

from tests.integrations.sandbox.visitor import ACME, GLOBEX, SCOPES, Visitor


def resources(visitor: Visitor) -> list[dict[str, Any]]:
    answer = visitor.api("/oauth/token/accessible-resources")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.get_json()
    return found


def test_one_site(visitor: Visitor) -> None:
    (site,) = resources(visitor.become())
    assert site["id"] == ACME
    assert site["url"] == "http://localhost/site/acme"
    assert site["scopes"] == ["read:jira-user", "read:jira-work", "write:jira-work"]
    assert visitor.http.get(site["avatarUrl"]).status_code == 200


def test_two_sites(visitor: Visitor) -> None:
    assert [site["id"] for site in resources(visitor.become("ben", ["acme", "globex"]))] == [ACME, GLOBEX]


def test_one_site_with_two_products_comes_twice_under_one_id(visitor: Visitor) -> None:
    first, second = resources(visitor.become("gus", ["initech"]))
    assert first["id"] == second["id"]
    assert first["scopes"] != second["scopes"]


def test_a_site_with_confluence_only(visitor: Visitor) -> None:
    (site,) = resources(visitor.become("hana", ["notes"]))
    assert all("confluence" in scope for scope in site["scopes"])


def test_an_uninstalled_app_reaches_no_site(visitor: Visitor) -> None:
    visitor.become()
    visitor.control("uninstall", site="acme")
    assert resources(visitor) == []


def test_consenting_again_installs_the_app_again(visitor: Visitor) -> None:
    visitor.become()
    visitor.control("uninstall", site="acme")
    assert len(resources(visitor.become())) == 1


def test_me_tells_the_person(visitor: Visitor) -> None:
    me = visitor.become().api("/me").get_json()
    assert (me["account_id"], me["email"], me["name"]) == ("712020:0000-ada", "ada@example.com", "Ada Ames")


def test_a_hidden_address_is_missing(visitor: Visitor) -> None:
    assert "email" not in visitor.become("eli").api("/me").get_json()


def test_me_needs_its_scope(visitor: Visitor) -> None:
    visitor.become(scope="read:jira-work")
    assert visitor.api("/me").status_code == 403


def test_nothing_is_told_without_a_living_token(visitor: Visitor) -> None:
    visitor.become()
    visitor.control("clock", advance=3601)
    assert visitor.api("/me").status_code == 401
    visitor.access_token = "nonsense"
    assert visitor.api("/oauth/token/accessible-resources").status_code == 401


def test_closed_accounts_are_reported(visitor: Visitor) -> None:
    visitor.become(scope=f"{SCOPES} report:personal-data")
    accounts = [{"accountId": "712020:0000-ada", "updatedAt": "x"}, {"accountId": "gone", "updatedAt": "x"}]
    headers = {"Authorization": f"Bearer {visitor.access_token}"}
    answer = visitor.http.post("/app/report-accounts/", json={"accounts": accounts}, headers=headers)
    assert answer.get_json() == {"accounts": [{"accountId": "gone", "status": "closed"}]}
    assert (
        visitor.http.post("/app/report-accounts/", json={"accounts": accounts[:1]}, headers=headers).status_code == 204
    )
