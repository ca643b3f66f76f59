from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.catalog import registry
from integrations.catalog.operations import Operation, Parameter
from integrations.catalog.rendering import Rendered, render
from integrations.errors import ParameterInvalid

OPERATION = Operation(
    name="find",
    title="Find",
    method="GET",
    path="/things/{key}",
    parameters=(
        Parameter("key", "path", True, {"type": "string"}),
        Parameter("limit", "query", False, {"type": "integer"}),
        Parameter("open", "query", False, {"type": "boolean"}),
        Parameter("fields", "query", False, {"type": "array", "items": {"type": "string"}}),
    ),
)


def rendered(**parameters: Any) -> Rendered:
    return render(OPERATION, parameters, None, provider="JIRA")


def test_parts_of_the_address_are_percent_encoded() -> None:
    assert (
        rendered(key="a/b c?d#e", fields=["x y", "z&"]).target == "/things/a%2Fb%20c%3Fd%23e?fields=x%20y&fields=z%26"
    )


def test_texts_become_what_the_schema_wants() -> None:
    assert rendered(key=7, limit="20", open="True", fields="summary").target == (
        "/things/7?limit=20&open=true&fields=summary"
    )


def test_what_is_none_is_not_given() -> None:
    assert rendered(key="A", limit=None).target == "/things/A"


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({}, "'key' is a required property"),
        ({"key": "A", "limit": "many"}, "limit: 'many' is not of type 'integer'"),
        ({"key": "A", "other": 1}, "other"),
        ({"key": ".."}, "key is empty or not a name"),
        ({"key": {"a": 1}}, "not of type 'string'"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(parameters: dict[str, Any], words: str) -> None:
    with pytest.raises(ParameterInvalid, match=words.replace("(", r"\(")):
        rendered(**parameters)


def test_null_at_the_first_level_of_a_body_counts_as_not_given() -> None:
    operation = registry.operation("jira", "searchIssues")
    request = render(operation, {}, {"jql": "x = 1", "nextPageToken": None}, provider="JIRA")
    assert request.body == {"jql": "x = 1"}


def test_null_is_kept_where_it_means_something() -> None:
    operation = registry.operation("jira", "assignIssue")
    assert render(operation, {"issueIdOrKey": "A-1"}, {"accountId": None}, provider="JIRA").body == {"accountId": None}


@given(st.text(st.characters(exclude_categories=()), min_size=1).filter(lambda text: text not in (".", "..")))
def test_no_text_changes_the_shape_of_an_address(text: str) -> None:
    path = rendered(key=text).path
    assert path.startswith("/things/")
    assert not set("/?#") & set(path.removeprefix("/things/"))
    assert path.isascii()
