"""What is wrong with a service node is said when it is written; what it sends is data."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.graph.model import Node
from dialogs.nodes.base import View
from dialogs.nodes.kinds.service import Service
from dialogs.nodes.registry import prepare
from tests.dialogs.engine.stand_ins import SCRIPTS

URL = "https://api.example.com/things/{{context.key}}?q={{context.q}}"


def complaint(**properties: Any) -> str:
    _, problems = prepare(Node("x", "service", properties=properties))
    return " ".join(problem.message for problem in problems)


def free(**properties: Any) -> Service:
    node, problems = prepare(Node("x", "service", properties={"url": URL, **properties}))
    assert not problems
    assert isinstance(node, Service)
    return node


def view(**context: Any) -> View:
    return View(context, datetime(2026, 11, 25, tzinfo=UTC), SCRIPTS)


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({}, "“provider” is missing"),
        ({"url": URL, "provider": "jira", "operation": "getIssue"}, "“url” cannot be given beside an operation"),
        ({"provider": "jira", "operation": "getIssue", "profile": "P"}, "“profile” is only for a free request"),
        ({"url": "api.example.com/x"}, "“url” must begin with https://"),
        ({"url": "https:///x"}, "“url” has no host"),
        ({"url": "https://{{context.host}}/x"}, "“url” must name its host itself"),
        ({"url": "https://api.{{context.host}}.com/x"}, "“url” must name its host itself"),
        ({"url": "https://me:secret@example.com/x"}, "“url” must not hold a user name"),
        ({"url": "https://example.com/x#y"}, "“url” must not hold a part behind #"),
        ({"url": "https://example.com/a b"}, "“url” holds a blank"),
        ({"url": "https://example.com:99999/"}, "“url” names a port"),
        ({"url": "https://example.com/{{context.a"}, "“{{” has no “}}”"),
        ({"url": URL, "headers": {"a b": "c"}}, "“headers” has “a b”, which is no name of a header"),
        ({"url": URL, "headers": {"": "c"}}, "which is no name of a header"),
        ({"url": URL, "headers": {"Authorization": "Bearer x"}}, "choose an authorization profile"),
        ({"url": URL, "headers": {"Host": "x"}}, "it is made from address and body"),
        ({"url": URL, "headers": {"X-A": "a\r\nX-B: b"}}, "has a line break in “X-A”"),
        ({"url": URL, "body": {"a": 1}}, "“body” cannot be sent with GET"),
        ({"url": URL, "method": "POST", "body": '{"a": "{{context.q}}"}'}, "“body” is a text that looks like JSON"),
        ({"url": URL, "method": "POST", "body": [1], "body_format": "form"}, "“body” must be names with values"),
        ({"url": URL, "method": "POST", "body": {"a": {}}, "body_format": "form"}, "that a form cannot send"),
        ({"url": URL, "method": "POST", "body": "<a>", "body_format": "xml"}, "“body” is no XML: no element found"),
        ({"url": URL, "method": "POST", "body": {"a": 1}, "body_format": "xml"}, "must be a text that holds XML"),
        ({"url": URL, "method": "POST", "body": "<{{context.q}}/>", "body_format": "xml"}, "outside of text"),
        (
            {"url": URL, "method": "POST", "body": "<a><!--{{context.q}}--></a>", "body_format": "xml"},
            "outside of text",
        ),
        (
            {"url": URL, "method": "POST", "body": "<a><![CDATA[{{context.q}}]]></a>", "body_format": "xml"},
            "outside of",
        ),
        ({"url": URL, "method": "POST", "body": "<!DOCTYPE a><a/>", "body_format": "xml"}, "a document type"),
        ({"url": URL, "cache_for": 3601}, "“cache_for” must be from 0 to 3600"),
        ({"url": URL, "timeout": 0.5}, "“timeout” must be from 1 to 60"),
        ({"url": URL, "samples": [{"status": 200}]}, "“samples” must be a list of answers"),
        ({"url": URL, "samples": [{"body": "x" * 70_000}]}, "64 kB together at most"),
        ({"url": URL, "headers": {"X-A": "{{context.a | colour}}"}}, "there is no filter “colour”"),
    ],
)
def test_what_cannot_be_sent_is_said_when_it_is_written(properties: dict[str, Any], words: str) -> None:
    assert words in complaint(**properties)


@pytest.mark.parametrize(
    "properties",
    [
        {"method": "POST", "body": "{{context.payload}}"},
        {"method": "POST", "body": "{{context.payload}}", "body_format": "form"},
        {"method": "PUT", "body": "<a b='{{context.q}}'>{{context.q}}</a>", "body_format": "xml"},
        {"headers": {"X-Trace": "{{context.q}}"}, "profile": "Ours", "cache_for": 60},
        {"samples": [{"title": "Ok", "status": 200, "body": {"name": "{{not a template"}}]},
        {"on_failure": "a", "on_timeout": "b", "on_http_error": "@end", "pre_script": "1", "post_script": "2"},
    ],
)
def test_what_can_be_sent_is_fine(properties: dict[str, Any]) -> None:
    free(**properties)


@pytest.mark.parametrize("typed", ["a/../../admin", "x?y=1&z=2#f", "ü %2e", "{{context.q}}", "a\r\nb"])
def test_what_a_person_types_stays_where_it_is_put_in_an_address(typed: str) -> None:
    request = free().request(view(key=typed, q=typed))
    assert request.free is not None
    address = request.free.url.removeprefix("https://api.example.com/things/")
    path, _, query = address.partition("?q=")
    assert not set("/?#&{ \r\n") & {*path, *query}


@pytest.mark.parametrize("typed", ["", ".", "..", None])
def test_a_part_of_the_path_that_is_none_keeps_the_request_from_leaving(typed: Any) -> None:
    step = free(on_failure="sorry").enter(view(key=typed, q="x"))
    assert step.changes["x", "response"]["outcome"] == "refused"
    assert "Nothing was sent" in step.changes["x", "response"]["message"]


def test_a_body_keeps_its_shape_whatever_is_typed() -> None:
    node = free(method="POST", body={"a": ["{{context.q}}"], "n": "{{context.n}}"})
    assert node.request(view(key="k", q='"],"b":[', n=3)).body == {"a": ['"],"b":['], "n": 3}


def test_only_a_get_may_be_repeated_unless_the_author_says_so() -> None:
    def repeatable(**properties: Any) -> bool:
        sent = free(**properties).request(view(key="k")).free
        assert sent is not None
        return sent.repeatable

    assert repeatable()
    assert not repeatable(method="PUT")
    assert repeatable(method="PUT", repeatable=True)
    assert not repeatable(repeatable=False)


@given(st.text(min_size=1).filter(lambda typed: typed not in {".", ".."}))
def test_no_text_changes_the_shape_of_a_request(typed: str) -> None:
    node = free(method="POST", body={"a": {"b": "{{context.q}}", "c": ["x {{context.q}}"]}})
    request = node.request(view(key=typed, q=typed))
    assert request.free is not None
    parts = urlsplit(request.free.url)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("https", "api.example.com", "")
    assert parts.path.count("/") == 2
    assert [name for name, _ in parse_qsl(parts.query, keep_blank_values=True)] == ["q"]
    assert request.body == {"a": {"b": typed, "c": [f"x {typed}"]}}
    assert json.loads(json.dumps(request.body)) == request.body
