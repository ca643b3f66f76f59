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
    ],
)
def test_it_refuses_malformed_conditions(document: Any) -> None:
    with pytest.raises(ConditionError):
        read_condition(document, "x")
