"""Hypothesis looks for a message, an answer of a provider, or a graph that the engine does not survive."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.engine import OperationResult, compile_graph, problems_of
from dialogs.graph.problems import InvalidGraph
from dialogs.nodes.registry import KINDS
from tests.dialogs.engine.stand_ins import Chat, Provider
from tests.dialogs.engine.tasks import ALL, Document, arrow, criterion, node, task

RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = [
    "create an issue",
    "delete an issue",
    "issue",
    "demo",
    "DEMO-1",
    "yes",
    "no",
    "cancel",
    "2",
    "bug",
    "stroy",
    "go",
]
#: Halves of surrogate pairs and NUL too: JSON can carry both.
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=8)
MESSAGES = st.lists(st.sampled_from(WORDS) | ANY_TEXT | st.integers().map(str), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | ANY_TEXT,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=5), part, max_size=3),
    max_leaves=8,
)
OUTCOMES = ["answered", "unreachable", "timed_out", "unknown", "authorization_required", "refused"]
RESULTS = st.builds(
    OperationResult,
    outcome=st.sampled_from(OUTCOMES),
    status_code=st.none() | st.integers(100, 599),
    body=JSON,
    message=ANY_TEXT,
)

FOUND = {"provider": "jira", "operation": "getIssue", "items": "x", "title": "a", "synonyms": ["b"]}
SEARCHED = {**FOUND, "parameters": {"q": "{{context.inputData.input}}"}}

INNER = st.sampled_from([
    ("entity", {"prompts": ["?"], "type": "list", "lookup": {**FOUND, "items": ""}, "confirm_value": "always"}),
    ("entity", {"prompts": ["?"], "type": "list", "lookup": SEARCHED, "cues": ["an", "go"], "requirement": "optional"}),
    ("entity", {"prompts": ["?"], "type": "list", "choices_from": {"path": "context.n1.response.body"}, "retries": 2}),
    ("entity", {"prompts": ["?"], "type": "period", "end_prompts": ["!"], "confirm_value": "extracted"}),
    ("entity", {"prompt_script": "print(context.entities.n1)", "error_script": "x", "sensitive": True, "cues": ["go"]}),
    ("entity", {"prompts": ["?"], "type": "number", "digits_only": True, "least_digits": 2, "mask_mode": "mask",
                "sensitive": True, "extraction": "all"}),
    ("entity", {"prompts": ["?"], "type": "list", "choices": [f"Item {i}" for i in range(30)], "latest_only": True}),
    ("entity", {"prompts": ["? {{context.entities.n1}}"]}),
    ("entity", {"prompts": ["?"], "type": "number", "retries": 1}),
    ("entity", {"prompts": ["?"], "type": "email", "requirement": "optional"}),
    ("entity", {"prompts": ["?"], "type": "list", "choices": ["Bug", "Story"], "on_retries_exceeded": "n0"}),
    ("entity", {"requirement": "hidden", "default": {"a": "{{context.n1.response}}"}}),
    ("message", {"texts": ["{{context.entities}} {{context.n1.response.body.x}}"]}),
    ("confirmation", {"prompts": ["sure?"], "retries": 1}),
    ("logic", {"assignments": [{"key": "entities.n2", "value": None}]}),
    ("logic", {"assignments": [{"key": "UserSession.x", "value": ["{{context}}"]}]}),
    ("service", {"provider": "jira", "operation": "getIssue", "body": "{{context.entities}}", "on_failure": "n1"}),
    ("service", {"provider": "jira", "operation": "getIssue"}),
    ("intent", {}),
])  # fmt: skip
TARGETS = st.sampled_from(["n0", "n1", "n2", "n3", "@end", None])
SUBJECTS = [("entity", "n1"), ("context", "n1.response.statusCode"), ("confirmation", "n2"), ("intent", "")]


@st.composite
def graphs(draw: Any) -> Document:
    kinds = draw(st.lists(INNER, min_size=4, max_size=4))
    nodes = [node(f"n{index}", kind, **properties) for index, (kind, properties) in enumerate(kinds)]
    arrows = [arrow("t", "n0")]
    for index in range(4):
        if draw(st.booleans()):
            operator = draw(st.sampled_from(["exists", "equals", "gt", "lte", "contains", "not_equals"]))
            subject, key = draw(st.sampled_from(SUBJECTS))
            arrows.append(arrow(f"n{index}", draw(TARGETS), criterion(subject, key, operator, draw(JSON))))
        arrows.append(arrow(f"n{index}", draw(TARGETS)))
    return task("t", "T", ["go"], nodes, arrows)


def talk(chat: Chat, messages: list[str]) -> None:
    for message in messages:
        chat.say(message)
        # Strictly what a JSON column takes, and what comes back is the same (see Chat).
        json.dumps(chat.stored, allow_nan=False, ensure_ascii=False).encode()
        json.dumps(chat.turn.trace, allow_nan=False, ensure_ascii=False).encode()
        assert "\\u0000" not in json.dumps(chat.stored)
        assert chat.turn.end_reason in {None, "fulfilled", "canceled", "failed"}
        assert bool(chat.state.task) is (chat.state.waiting in {"answer", "authorization", "question"})


@RELAXED
@given(MESSAGES, RESULTS)
def test_no_message_and_no_answer_breaks_the_real_shapes(messages: list[str], result: OperationResult) -> None:
    provider = Provider(dict.fromkeys(("getAccessibleSite", "createIssue", "getIssue", "deleteIssue"), result))
    talk(Chat(*(document() for document in ALL), provider=provider), messages)


@RELAXED
@given(graphs(), MESSAGES, RESULTS)
def test_no_message_breaks_a_graph_that_compiles(
    document: Document, messages: list[str], result: OperationResult
) -> None:
    try:
        compile_graph(document)
    except InvalidGraph:
        return
    chat = Chat(document, provider=Provider({"getIssue": result}))
    talk(chat, ["go", *messages])
    chat.resume()


@RELAXED
@given(st.fixed_dictionaries({"nodes": JSON | st.lists(JSON), "transitions": JSON | st.lists(JSON), "start": JSON}))
def test_no_document_breaks_the_validation(document: Document) -> None:
    assert problems_of(document, {})


@RELAXED
@given(st.sampled_from(list(KINDS)), st.data())
def test_no_property_breaks_a_kind(kind: str, data: Any) -> None:
    names = [*KINDS[kind].__dataclass_fields__]
    properties = data.draw(st.dictionaries(st.sampled_from(names), JSON))
    document = task("t", "T", ["go"], [{"name": "x", "kind": kind, "properties": properties}], [arrow("t", "x")])
    assert isinstance(problems_of(document), list)
