from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xoplatform.core.templating import (
    Template,
    TemplateSyntax,
    UnsafeUrlPart,
    parse_path,
    render,
    render_url_part,
    render_xml,
    variables_of,
)

CONTEXT = {"context": {"a": {"b": [{"c": 7}], "d e": "x"}, "name": "Ann", "yes": True, "none": None, "f": 3.0}}


def test_a_string_that_is_one_placeholder_becomes_the_value_with_its_type() -> None:
    assert render("{{context.a.b}}", CONTEXT) == [{"c": 7}]
    assert render("{{ context.a.b[0].c }}", CONTEXT) == 7


def test_inside_a_text_a_value_is_written_as_text() -> None:
    words = "{{context.name}} has {{context.a.b[0].c}}, {{context.yes}}, {{context.f}}, {{context.a.b}}"
    assert render(words, CONTEXT) == 'Ann has 7, true, 3, [{"c": 7}]'


def test_keys_of_other_kinds_are_reached_in_brackets() -> None:
    assert render("{{context.a['d e']}} {{context.a[\"d e\"]}}", CONTEXT) == "x x"


def test_a_missing_variable_is_null_alone_and_nothing_inside_a_text() -> None:
    assert render("{{context.nothing.at.all}}", CONTEXT) is None
    assert render("-{{context.a.b[9].c}}-{{context.none}}-", CONTEXT) == "---"


def test_keys_are_never_templates_and_structures_keep_their_shape() -> None:
    body = {"{{context.name}}": [1, None, "{{context.name}}"]}
    assert render(body, CONTEXT) == {"{{context.name}}": [1, None, "Ann"]}


def test_what_a_person_typed_is_never_rendered_again() -> None:
    variables = {"context": {"typed": "{{context.secret}}", "secret": "s3cret"}}
    assert render("{{context.typed}} {{context.typed}}", variables) == "{{context.secret}} {{context.secret}}"


def test_it_reaches_into_mappings_and_lists_only() -> None:
    assert render("{{context.__class__}}", {"context": object()}) is None
    assert render("{{context.name.upper}}", CONTEXT) is None


@pytest.mark.parametrize("wrong", ["{{}}", "{{a", "{{a..b}}", "{{.a}}", "{{a b}}", "{{a[}}", "{{a[-1]}}", "{{a()}}"])
def test_it_refuses_what_is_no_path(wrong: str) -> None:
    with pytest.raises(TemplateSyntax):
        variables_of({"body": [wrong]})


def test_it_names_the_variables_a_structure_asks_for() -> None:
    assert variables_of({"x": ["{{context.a}} {{env.b[0]}}"]}) == (("context", "a"), ("env", "b", 0))
    assert Template("no placeholder").constant
    assert parse_path("a.b[0]['c d']") == ("a", "b", 0, "c d")


def test_values_in_an_address_are_percent_encoded() -> None:
    address = render_url_part("/issue/{{key}}/x?q={{q}}", {"key": "A/B ?#ü", "q": "a&b=c"})
    assert address == "/issue/A%2FB%20%3F%23%C3%BC/x?q=a%26b%3Dc"


@pytest.mark.parametrize("value", ["..", ".", "", None])
def test_an_address_refuses_values_that_would_lead_elsewhere(value: str | None) -> None:
    with pytest.raises(UnsafeUrlPart):
        render_url_part("/issue/{{key}}", {"key": value})


LEAVES = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(LEAVES, lambda part: st.lists(part) | st.dictionaries(st.text(), part)))
def test_any_value_goes_through_unchanged(value: object) -> None:
    assert render("{{v}}", {"v": value}) == value
    assert render({"k": ["{{v}}"]}, {"v": value}) == {"k": [value]}


@given(st.text(min_size=1))
def test_no_value_changes_the_shape_of_an_address(value: str) -> None:
    try:
        address = render_url_part("/a/{{v}}/b", {"v": value})
    except UnsafeUrlPart:
        return
    assert address.count("/") == 3
    assert not set(address) & set("?#& \r\n")


def test_in_a_query_a_value_may_be_empty() -> None:
    assert render_url_part("/find?q={{q}}&n=1", {"q": ""}) == "/find?q=&n=1"


def test_a_value_cannot_leave_its_place_in_xml() -> None:
    typed = "</a><b c='\"'>&\x00\ud800"
    assert render_xml("<a t='{{v}}'>{{v}}</a>", {"v": typed}).count("<") == 2
    assert render_xml("<a>{{v}}</a>", {"v": typed}) == "<a>&lt;/a&gt;&lt;b c=&apos;&quot;&apos;&gt;&amp;</a>"


@given(st.text())
def test_whatever_is_typed_comes_out_of_xml_as_it_was(typed: str) -> None:
    from xml.etree import ElementTree as ET

    written = ET.fromstring(render_xml('<a t="{{v}}">{{v}}</a>', {"v": typed}))
    kept = (
        "".join(sign for sign in typed if sign in "\t\n\r" or sign >= " ").replace("\ufffe", "").replace("\uffff", "")
    )
    kept = "".join(sign for sign in kept if not "\ud800" <= sign <= "\udfff")
    assert (written.text or "").replace("\n", "") == kept.replace("\r", "").replace("\n", "")
