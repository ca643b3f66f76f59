from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.documents.comparison import compare
from tests.dialogs.samples import arrow, creating, document, greeting, node


def words(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[str]]:
    """The sentences about each node."""
    return {change.name: [line.words for line in change.lines] for change in compare(before, after).nodes}


def changed(place: str, **properties: Any) -> dict[str, Any]:
    """The sample that creates an issue, with other properties for one node."""
    after = deepcopy(creating())
    next(one for one in after["nodes"] if one["name"] == place)["properties"].update(properties)
    return after


def test_a_document_equals_itself() -> None:
    assert not compare(creating(), deepcopy(creating()))


def test_a_place_on_the_canvas_is_no_change() -> None:
    after = deepcopy(creating())
    after["nodes"][0]["position"] = {"x": 1, "y": 2}
    assert not compare(creating(), after)


def test_a_number_says_what_it_is_and_was() -> None:
    before = changed("readProject", timeout=20)
    assert words(before, changed("readProject", timeout=30)) == {"readProject": ["Time limit: now 30, was 20."]}


def test_a_flag_is_not_the_number_one() -> None:
    before, after = ({"nodes": [node("x", "entity", sensitive=value)]} for value in (1, True))
    assert words(before, after) != {}


def test_a_list_of_texts_names_what_came_and_went() -> None:
    told = words(creating(), changed("summary", prompts=["What is it about?", "And now?"]))
    assert told["summary"] == ["Prompts: added “And now?”."]


def test_a_script_is_compared_line_by_line() -> None:
    before = {"nodes": [node("x", "script", code="let a = 1;\nlet b = 2;\nlet c = 3;")]}
    after = {"nodes": [node("x", "script", code="let a = 1;\nlet b = 5;\nlet c = 3;")]}
    (line,) = compare(before, after).nodes[0].lines
    assert line.words == "Code: 1 line added, 1 line removed."
    assert [(part.sign, part.text) for part in line.diff] == [
        (" ", "let a = 1;"),
        ("-", "let b = 2;"),
        ("+", "let b = 5;"),
        (" ", "let c = 3;"),
    ]


def test_a_body_is_told_key_by_key() -> None:
    fields = {"project": {"key": "OPS"}, "summary": "{{context.entities.summary}}", "issuetype": {"name": "Task"}}
    told = words(creating(), changed("createIssue", body={"fields": fields}))
    assert told["createIssue"] == ["Body > fields > project > key: now “OPS”, was “DEMO”."]


def test_transitions_are_added_removed_led_elsewhere_and_reordered() -> None:
    given_one = {"criteria": [{"subject": "entity", "key": "x", "operator": "exists"}]}
    is_two = {"criteria": [{"subject": "context", "key": "x.response.statusCode", "operator": "equals", "value": 2}]}
    nodes = [node("x", "entity", type="string"), node("a", "message"), node("b", "message")]
    before = document("d", nodes, [arrow("x", "a", given_one), arrow("x", "b", is_two), arrow("x", "@end")])
    after = document("d", nodes, [arrow("x", "b", is_two), arrow("x", "b", given_one)])
    assert words(before, after)["x"] == [
        "Transition “if x is known”: now leads to b, was a.",
        "Transition removed: else → the end of the dialog.",
        "The order of the transitions changed.",
    ]


def test_a_group_of_conditions_stands_in_brackets() -> None:
    group = {"match": "any", "criteria": [{"subject": "entity", "key": "a", "operator": "exists"}] * 2}
    both = {"criteria": [group, {"subject": "confirmation", "operator": "equals", "value": "yes"}]}
    nodes = [node("x", "confirmation"), node("y", "message")]
    told = words(document("d", nodes, []), document("d", nodes, [arrow("x", "y", both)]))
    assert told["x"] == ["Transition added: if (a is known or a is known) and the answer is yes → y."]


def test_a_node_that_only_changed_its_name_was_renamed() -> None:
    after = deepcopy(greeting())
    after["nodes"][1]["name"] = after["nodes"][1]["title"] = "who"
    for row in after["transitions"]:
        row["source"], row["target"] = ("who" if end == "person" else end for end in (row["source"], row["target"]))
    found = compare(greeting(), after)
    assert found.renamed == {"person": "who"}
    assert words(greeting(), after)["who"][0] == "Named who; was person."
    assert found.counts["added"] == 0


def test_nodes_that_came_and_went_are_counted() -> None:
    before = document("d", [node("a", "message", texts=["x"]), node("b", "message", texts=["y"])], [])
    after = document("d", [node("a", "message", texts=["z"]), node("c", "message", texts=["w"])], [])
    assert compare(before, after).counts == {"added": 1, "removed": 1, "changed": 1, "task": 0}


def test_what_concerns_the_whole_task_stands_at_the_head() -> None:
    after = {**greeting(), "title": "Welcome", "settings": {"idle_minutes": 30}}
    head = [line.words for line in compare(greeting(), after).head]
    assert head == ["Title of the task: now “Welcome”, was “Greet”.", "A pause, in minutes: set to 30."]


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NODES = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from("abcd"),
            "kind": st.sampled_from(["script", "message", "odd"]),
            "properties": st.dictionaries(st.sampled_from(["code", "texts", "x"]), ANY, max_size=3),
        }
    ),
    max_size=4,
    unique_by=lambda one: str(one["name"]),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NODES, NODES)
def test_whatever_differs_is_told_and_what_is_the_same_is_not(before: Any, after: Any) -> None:
    assert bool(compare({"nodes": before}, {"nodes": after})) == (meaning(before) != meaning(after))


def meaning(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """The nodes by name; a null in a mapping means the same as nothing."""
    return {one["name"]: (one["kind"], json.dumps(_told(one["properties"]), sort_keys=True)) for one in nodes}


def _told(value: Any) -> Any:
    return {k: _told(v) for k, v in value.items() if v is not None} if isinstance(value, dict) else value
