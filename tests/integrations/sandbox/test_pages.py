"""A look at the small Jira with a browser."""

from __future__ import annotations

from tests.integrations.sandbox.visitor import Visitor, document, services


def test_the_start_page_leads_to_the_sites(visitor: Visitor) -> None:
    page = visitor.http.get("/").text
    assert "/site/acme/" in page
    assert "/site/notes/" not in page


def test_a_site_lists_its_issues(visitor: Visitor) -> None:
    page = visitor.http.get("/site/acme/").text
    assert "Demo project" in page
    assert "/site/acme/browse/DEMO-1" in page
    assert "GLX-1" not in page


def test_an_issue_is_shown_with_its_text_escaped(visitor: Visitor) -> None:
    visitor.become().create("<script>alert(1)</script>", description=document("<b>bold</b>"))
    visitor.jira("POST", "issue/DEMO-4/comment", json={"body": document("<i>so</i>")})
    page = visitor.http.get("/site/acme/browse/DEMO-4").text
    for words in ("&lt;script&gt;", "&lt;b&gt;bold", "&lt;i&gt;so"):
        assert words in page
    assert "<script>" not in page


def test_fields_of_a_project_are_shown_by_their_names(visitor: Visitor) -> None:
    visitor.become().create(
        project={"key": "OPS"}, **services("Mail", "Login"), customfield_10034={"id": "712020:0000-ada"}
    )
    page = visitor.http.get("/site/acme/browse/OPS-2").text
    for words in ("Affected services", "Mail, Login", "On call", "Ada Ames"):
        assert words in page


def test_a_missing_issue_is_a_page_too(visitor: Visitor) -> None:
    answer = visitor.http.get("/site/acme/browse/DEMO-99")
    assert answer.status_code == 404
    assert "DEMO-99 does not exist" in answer.text


def test_links_of_an_answer_lead_to_the_site(visitor: Visitor) -> None:
    made = visitor.become().create().get_json()
    assert made["self"] == f"http://localhost/site/acme/rest/api/3/issue/{made['id']}"
