from __future__ import annotations

from typing import Any

import pytest

from dialogs.graph.conditions import ConditionError, read_condition

CONTEXT = {
    "intent": "createIssue",
    "entities": {"kind": "Bug", "other": "bug"},
    "confirmations": {"sure": "yes"},
    "getIssue": {"response": {"statusCode": 404}},
    "session": {"UserSession": {"n": 3}},
}


def holds(*criteria: tuple[str, str | None, str, Any], match: str = "all") -> bool:
    keys = ("subject", "key", "operator", "value")
    document = {"match": match, "criteria": [dict(zip(keys, one, strict=True)) for one in criteria]}
    return read_condition(document, "sure").holds(CONTEXT)


def test_a_condition_asks_entities_context_intent_and_confirmations() -> None:
    assert holds(("entity", "kind", "equals", "bug"))
    assert holds(("context", "getIssue.response.statusCode", "equals", 404))
    assert holds(("context", "context.getIssue.response.statusCode", "gte", 400))
    assert holds(("intent", None, "equals", "createIssue"))
    assert holds(("confirmation", "sure", "equals", "yes"))


def test_a_confirmation_without_a_key_is_that_of_the_source() -> None:
    assert holds(("confirmation", None, "equals", "yes"))


def test_scopes_of_the_session_have_a_short_name() -> None:
    assert holds(("context", "UserSession.n", "equals", 3))


def test_all_and_any() -> None:
    true, false = ("entity", "kind", "exists", None), ("entity", "kind", "equals", "Story")
    assert not holds(true, false)
    assert holds(true, false, match="any")
    assert not holds(false, false, match="any")


def test_a_value_can_come_from_the_context() -> None:
    assert holds(("entity", "kind", "equals", {"from": "context.entities.other"}))


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"criteria": []},
        {"match": "some", "criteria": [{"subject": "intent", "operator": "exists"}]},
        {"criteria": [{"subject": "weather", "key": "x", "operator": "exists"}]},
        {"criteria": [{"subject": "entity", "key": "x", "operator": "like", "value": 1}]},
        {"criteria": [{"subject": "entity", "key": "x", "operator": "equals"}]},
        {"criteria": [{"subject": "entity", "operator": "exists"}]},
        {"criteria": ["x"]},
        {"criteria": [{"criteria": []}]},
        {"criteria": [{"match": "none", "criteria": [{"subject": "intent", "operator": "exists"}]}]},
    ],
)
def test_it_refuses_malformed_conditions(document: Any) -> None:
    with pytest.raises(ConditionError):
        read_condition(document, "x")


KIND, STATUS = ("entity", "kind"), ("context", "getIssue.response.statusCode")


def one(subject: tuple[str, str], operator: str, value: Any) -> dict[str, Any]:
    return {"subject": subject[0], "key": subject[1], "operator": operator, "value": value}


def group(match: str, *criteria: dict[str, Any]) -> dict[str, Any]:
    return {"match": match, "criteria": list(criteria)}


def test_groups_mix_all_and_any() -> None:
    bug, story = one(KIND, "equals", "Bug"), one(KIND, "equals", "Story")
    found, missing = one(STATUS, "equals", 200), one(STATUS, "equals", 404)
    for document, expected in (
        (group("all", bug, group("any", found, missing)), True),
        (group("all", story, group("any", found, missing)), False),
        (group("all", bug, group("any", found, story)), False),
        (group("any", story, group("all", bug, missing)), True),
        (group("any", story, group("all", bug, group("any", found, story))), False),
    ):
        assert read_condition(document, "sure").holds(CONTEXT) is expected


def test_groups_have_an_end() -> None:
    document = one(KIND, "exists", None)
    for _ in range(9):
        document = group("all", document)
    with pytest.raises(ConditionError, match="8 deep"):
        read_condition(document, "x")


def test_the_paths_and_comparisons_of_groups_are_those_of_all_in_them() -> None:
    condition = read_condition(group("all", one(KIND, "exists", None), group("any", one(STATUS, "gt", 1))), "x")
    assert condition.paths == (("entities", "kind"), ("getIssue", "response", "statusCode"))
    assert [criterion.name for criterion in condition.comparisons] == ["exists", "gt"]


@pytest.mark.parametrize(
    ("operator", "value", "said", "expected"),
    [
        ("equals", "menu", ["sad", "menu"], True),
        ("equals", "menu", ["sad"], False),
        ("equals", "menu", None, False),
        ("not_equals", "menu", ["sad"], True),
        ("not_equals", "menu", ["menu"], False),
        ("not_equals", "menu", None, True),
        ("contains", "menu", ["menu"], True),
        ("exists", None, [], False),
        ("exists", None, ["menu"], True),
        ("not_exists", None, [], True),
        ("not_exists", None, ["menu"], False),
    ],
)
def test_what_was_just_said_may_ask_for_several_intents(
    operator: str, value: Any, said: list[str] | None, expected: bool
) -> None:
    condition = read_condition(group("all", one(("intent", "FollowupIntents"), operator, value)), "x")
    assert condition.holds({"FollowupIntents": said} if said is not None else {}) is expected
