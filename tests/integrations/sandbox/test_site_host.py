"""The site's own address: Basic authentication, and what anonymous visitors see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.integrations.sandbox.visitor import Visitor

HOST = "/site/acme/rest/api/3"


def api_token(visitor: Visitor, **details: Any) -> tuple[str, str]:
    return ("ada@example.com", visitor.control("api-tokens", person="ada", **details)["token"])


def get(visitor: Visitor, path: str, auth: tuple[str, str] | None = None) -> TestResponse:
    return visitor.http.get(f"{HOST}/{path}", auth=auth)


def test_an_api_token_works(visitor: Visitor) -> None:
    answer = get(visitor, "myself", api_token(visitor))
    assert answer.status_code == 200
    assert answer.headers["X-AAccountId"] == "712020:0000-ada"


def test_tokens_of_an_app_are_refused(visitor: Visitor) -> None:
    visitor.become()
    headers = {"Authorization": f"Bearer {visitor.access_token}"}
    assert visitor.http.get(f"{HOST}/myself", headers=headers).status_code == 401


def test_wrong_credentials_are_refused_with_the_reason_in_a_header(visitor: Visitor) -> None:
    answer = get(visitor, "myself", ("ada@example.com", "wrong"))
    assert answer.status_code == 401
    assert answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    assert "Client must be authenticated" in answer.get_json()["errorMessages"][0]


def test_an_expired_token_becomes_a_silent_anonymous_success(visitor: Visitor) -> None:
    auth = api_token(visitor, expires_in=60)
    visitor.control("clock", advance=61)
    answer = get(visitor, "search/jql?jql=project%3DDEMO", auth)
    assert answer.get_json() == {"issues": [], "isLast": True}
    assert answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    assert "X-AAccountId" not in answer.headers


def test_anonymous_visitors_see_and_change_nothing(visitor: Visitor) -> None:
    assert get(visitor, "project/search").get_json()["values"] == []
    assert get(visitor, "issue/DEMO-1").status_code == 404
    assert get(visitor, "user/search?query=a").get_json() == []
    assert get(visitor, "serverInfo").status_code == 200
    assert visitor.http.delete(f"{HOST}/issue/DEMO-1").status_code == 401


def test_a_scoped_token_works_at_the_gateway_only(visitor: Visitor) -> None:
    auth = api_token(visitor, scopes=["read:jira-user"])
    assert get(visitor, "myself", auth).status_code == 401
    gateway = f"/ex/jira/{visitor.cloud_id}/rest/api/3"
    assert visitor.http.get(f"{gateway}/myself", auth=auth).status_code == 200
    assert visitor.http.get(f"{gateway}/issue/DEMO-1", auth=auth).status_code == 401
    assert visitor.http.get(f"{gateway}/myself", auth=api_token(visitor)).status_code == 401


def test_the_cloud_id_is_told_to_anybody(visitor: Visitor) -> None:
    assert visitor.http.get("/site/acme/_edge/tenant_info").get_json() == {"cloudId": visitor.cloud_id}


def test_a_site_without_jira_has_no_such_address(visitor: Visitor) -> None:
    assert visitor.http.get("/site/notes/rest/api/3/serverInfo").status_code == 404
