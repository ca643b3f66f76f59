"""The page where a person makes an API token by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from .visitor import ACME

if TYPE_CHECKING:
    from .visitor import Visitor


def made(visitor: Visitor, **form: str) -> str:
    page = visitor.http.post("/site/acme/tokens", data={"person": "ada", "days": "30", **form}).text
    found = re.search(r'id="token">([^<]+)<', page)
    assert found
    return found[1]


def test_a_token_made_by_hand_works_at_the_site(visitor: Visitor) -> None:
    pair = ("ada@example.com", made(visitor, kind="classic"))
    assert visitor.http.get("/site/acme/rest/api/3/myself", auth=pair).json["displayName"] == "Ada Ames"  # type: ignore[index]


def test_a_token_with_scopes_works_at_the_gateway_only(visitor: Visitor) -> None:
    pair = ("ada@example.com", made(visitor, kind="scoped", scope="read:jira-user"))
    assert visitor.http.get(f"/ex/jira/{ACME}/rest/api/3/myself", auth=pair).status_code == 200
    assert visitor.http.get("/site/acme/rest/api/3/myself", auth=pair).status_code == 401


def test_only_people_of_the_site_are_offered(visitor: Visitor) -> None:
    page = visitor.http.get("/site/acme/tokens").text
    assert "Ada Ames" in page
    assert "Gus Gray" not in page


@pytest.mark.parametrize("form", [{"person": "nobody"}, {"days": "366"}, {"days": "-1"}])
def test_nonsense_is_refused(visitor: Visitor, form: dict[str, str]) -> None:
    assert visitor.http.post("/site/acme/tokens", data={"person": "ada", "days": "1", **form}).status_code == 400


def test_a_site_without_jira_has_no_such_page(visitor: Visitor) -> None:
    assert visitor.http.get("/site/notes/tokens").status_code == 404
