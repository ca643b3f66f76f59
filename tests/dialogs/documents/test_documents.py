from __future__ import annotations

import pytest

from dialogs.documents import UnreadableDocument, digest, dump, load
from tests.dialogs.engine.tasks import ALL

TEXT = """
format: 1
name: hello
title: Hello
start: hello
nodes:
  - {name: hello, kind: intent, properties: {utterances: [hi]}}
  - {name: sure, kind: confirmation, properties: {prompts: ["Sure?"], yes: [on], no: [off]}}
transitions:
  - {source: hello, target: sure}
"""


def refusal(text: str | bytes) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        load(text)
    return str(caught.value)


def test_it_reads_yaml_whose_words_stay_words() -> None:
    assert load(TEXT)["nodes"][1]["properties"] == {"prompts": ["Sure?"], "yes": ["on"], "no": ["off"]}


@pytest.mark.parametrize("task", ALL)
def test_it_reads_the_json_it_writes(task: object) -> None:
    document = task()  # type: ignore[operator]
    assert load(dump(document)) == document
    assert digest(load(dump(document).encode())) == digest(document)


def test_the_order_of_keys_does_not_matter() -> None:
    assert digest({"a": 1, "b": "ü"}) == digest({"b": "ü", "a": 1})
    assert digest({"a": [1, 2]}) != digest({"a": [2, 1]})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1", "Line 1"),
        ("- 1", "no mapping"),
        ("format: 2", "format is 2"),
        ("a: &x [1]\nb: *x", "aliases are not allowed"),
        (b"\xff\xfe\x00", "UTF-8"),
        ("x" * 3_000_000, "are the most"),
        ("[" * 100_000, "nested too deeply"),
        (TEXT.replace("kind: intent, ", ""), "In node hello: kind is a required property"),
        (
            TEXT.replace("name: hello, kind", "name: hello, colour: red, kind"),
            "hello: there is a field too many",
        ),
        (
            TEXT.replace("target: sure", "target: sure, condition: {criteria: []}"),
            "transition from hello, field",
        ),
        (TEXT.replace("target: sure", "target: 5"), "In the transition from hello, field “target”"),
        (TEXT.replace("start: hello", "start: hel lo"), "“hel lo” is no name"),
    ],
)
def test_what_cannot_be_read_is_named(text: str | bytes, words: str) -> None:
    assert words in refusal(text)


def test_it_reads_settings_and_conditions_in_groups() -> None:
    groups = """
  - source: sure
    target: hello
    condition:
      match: any
      criteria:
        - {subject: confirmation, operator: equals, value: yes}
        - {criteria: [{subject: entity, key: x, operator: exists}, {subject: intent, operator: exists}]}
settings: {interruptions: forbid}
"""
    document = load(TEXT + groups)
    assert document["transitions"][1]["condition"]["criteria"][1]["criteria"][0]["key"] == "x"
    assert document["settings"] == {"interruptions": "forbid"}


@pytest.mark.parametrize("group", ["{criteria: []}", "{match: some, criteria: [{subject: intent, operator: exists}]}"])
def test_a_group_that_is_none_is_refused_with_the_transition_named(group: str) -> None:
    text = TEXT + f"  - {{source: sure, target: hello, condition: {{criteria: [{group}]}}}}\n"
    assert "the transition from sure" in refusal(text)
