from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dialogs.graph.model import Node
from dialogs.nodes.registry import KINDS, prepare, schema_of


def complaint(kind: str, **properties: Any) -> str:
    node, problems = prepare(Node("x", kind, properties=properties))
    assert node is None
    return " ".join(problem.message for problem in problems)


def test_the_registry_finds_every_kind() -> None:
    assert set(KINDS) >= {
        "intent", "entity", "service", "script", "message", "confirmation", "logic", "bot_action",
        "dialog", "webhook", "form", "agent_transfer",
    }  # fmt: skip


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_describes_its_properties(kind: str) -> None:
    schema = schema_of(kind)
    Draft202012Validator.check_schema(schema)
    assert all(entry["title"] for entry in schema["properties"].values())


@pytest.mark.parametrize(
    ("kind", "properties", "words"),
    [
        ("entity", {}, "x: “prompts” is missing"),
        ("entity", {"prompts": ["?"], "type": "smell"}, "x: “type” must be one of"),
        ("entity", {"prompts": ["?"], "retries": 11}, "x: “retries” must be from 1 to 10, not 11"),
        ("entity", {"prompts": ["?"], "type": "list"}, "x: “choices” is missing"),
        ("entity", {"prompts": ["?"], "type": "list", "choices": ["A", "a"]}, "two items that are called “a”"),
        ("entity", {"prompts": ["?"], "type": "pattern"}, "x: “pattern” is missing"),
        ("entity", {"prompts": ["{{oops"]}, "“{{” has no “}}”"),
        ("entity", {"prompts": ["?"], "promts": []}, "x: “promts” is not a property"),
        ("service", {"operation": "get"}, "x: “provider” is missing"),
        ("service", {"provider": "p", "operation": "o", "timeout": 61}, "x: “timeout” must be from 1 to 60"),
        ("service", {"provider": "p", "operation": "o", "parameters": []}, "x: “parameters” must be a mapping"),
        ("script", {"code": " "}, "x: “code” must hold JavaScript"),
        ("message", {}, "x: “texts”"),
        ("message", {"texts": ["a"], "script": "print(1)"}, "x: “texts”"),
        ("logic", {"assignments": [{"key": "context.intent", "value": 1}]}, "cannot set “context.intent”"),
        ("logic", {"assignments": [{"key": "a[0]", "value": 1}]}, "an item of a list"),
        ("weather", {}, "x is a “weather”; there are only"),
    ],
)
def test_what_is_wrong_is_named_with_node_and_property(kind: str, properties: dict[str, Any], words: str) -> None:
    assert words in complaint(kind, **properties)


def test_yes_and_no_survive_a_reader_of_yaml_1_1() -> None:
    node, problems = prepare(Node("x", "confirmation", properties={"prompts": ["?"], True: ["aye"], False: ["avast"]}))  # type: ignore[dict-item]
    assert not problems
    assert getattr(node, "yes", None) == ("aye",)
