from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.documents import UnreadableDocument, load_export, write_export
from tests.dialogs.samples import creating, greeting

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(TEXT, part, max_size=3),
    max_leaves=10,
)
NAMES = st.text("abcxyz_1", min_size=1, max_size=6)


def a_task(properties: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "name": "t",
        "start": "s",
        "nodes": [{"name": "s", "kind": "script", "properties": {"x": properties}}],
        "transitions": [],
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON)
def test_what_is_written_is_read_back_exactly(properties: Any) -> None:
    content = {"content": "task", "tasks": [a_task(properties)]}
    assert load_export(write_export(content)) == {"export": 1, **content}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(exclude_categories=["Cs"])) | st.binary())
def test_any_file_is_read_or_refused_in_words(text: Any) -> None:
    with suppress(UnreadableDocument):
        load_export(text)


@pytest.mark.parametrize(
    "text",
    ["yes", "no", "1.0", "null", "~", "2026-11-25", "0x1F", "1e5", "on", "", " a", "a: b", "# c", "- d", "|", "\t"],
)
def test_words_that_yaml_might_take_for_something_else_stay_words(text: str) -> None:
    content = {"tasks": [a_task(text)]}
    assert load_export(write_export(content))["tasks"] == content["tasks"]


def test_scripts_stand_as_blocks_that_people_can_read() -> None:
    text = write_export({"tasks": [a_task("let a = 1;\nlet b = 'yes';\n")]})
    assert "x: |\n            let a = 1;\n            let b = 'yes';\n" in text


def test_a_single_dialog_document_is_taken_as_an_export_of_it() -> None:
    text = write_export({"tasks": [greeting()]}).split("tasks:\n")[1]
    document = "\n".join(line[4:] for line in ("    " + text.strip().removeprefix("- ")).splitlines())
    assert load_export(document)["tasks"] == [greeting()]


def test_a_draft_that_was_only_begun_can_be_carried_too() -> None:
    empty = {"format": 1, "name": "t", "start": "", "nodes": [], "transitions": []}
    assert load_export(write_export({"tasks": [empty]}))["tasks"] == [empty]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": 7}, "Task “create”: In node summary, field “kind”"),
        ({"name": "createIntent"}, "Task “create”: a second node is named createIntent."),
        ({"parent": "nobody"}, "node summary stands in nobody, which is no outer node"),
    ],
)
def test_errors_name_line_task_and_node(change: dict[str, Any], words: str) -> None:
    task = creating()
    task["nodes"][1] |= change
    with pytest.raises(UnreadableDocument) as refused:
        load_export(write_export({"tasks": [greeting(), task]}))
    assert words in refused.value.message
    assert "Line " in refused.value.message


def test_an_error_names_the_line_it_stands_in() -> None:
    head = "export: 1\ntasks:\n  - format: 1\n    name: t\n    start: s\n"
    text = head + "    nodes:\n      - name: s\n        kind: 7\n    transitions: []\n"
    with pytest.raises(UnreadableDocument, match="Line 8: Task “t”: In node s, field “kind”"):
        load_export(text)


def test_a_transition_that_leads_nowhere_is_named() -> None:
    task = greeting()
    task["transitions"][0]["target"] = "nobody"
    with pytest.raises(UnreadableDocument, match="a transition of greetIntent names nobody, which is no node"):
        load_export(write_export({"tasks": [task]}))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no mapping"),
        ("[]", "no mapping"),
        ("export: 2\ntasks: []", "export format is 2"),
        ("export: 1\n", "tasks is a required property"),
        ("export: 1\ntasks: []\nsecrets: 1", "secrets was unexpected"),
        ("export: 1\ntasks: [{format: 2}]", "its format is 2"),
        ("export: .nan\ntasks: []", "no text, number, list or mapping"),
        ("export: 1\ntasks: !!set {a}", "no text, number, list or mapping"),
        ('export: 1\ntasks: ["\\0"]', "the character NUL"),
        ("export: &a 1\ntasks: [*a]", "aliases are not allowed"),
        ("export: 1\ntasks: [", "Line 2"),
        ("x" * (4 * 1024 * 1024 + 1), "4,194,304 are the most"),
    ],
)
def test_what_is_no_export_is_refused_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(UnreadableDocument) as refused:
        load_export(text)
    assert words in refused.value.message
