from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.documents.editing import BadEdit, Draft, Thing, apply, clashes, ops_between, read_ops, touched, uses_of
from tests.dialogs.samples import arrow, creating, document, greeting, node


def draft(of: dict[str, Any] | None = None) -> Draft:
    return Draft.of(of or creating())


def after(*ops: dict[str, Any], of: dict[str, Any] | None = None) -> Draft:
    edited = draft(of).copy()
    apply(edited, read_ops(list(ops)))
    return edited


def targets(of: Draft) -> dict[str, list[str | None]]:
    return {source: [way["target"] for way in ways] for source, ways in of.ways.items()}


def rename(old: str, new: str) -> dict[str, Any]:
    return {"op": "rename_node", "from": old, "to": new}


def test_a_draft_gives_its_document_back() -> None:
    assert draft(greeting()).document() == greeting()


def test_a_removed_node_takes_along_what_is_inside_and_leaves_arrows_unconnected() -> None:
    edited = after({"op": "remove_node", "name": "work"})
    assert not {"work", "readProject", "createIssue"} & edited.nodes.keys()
    assert targets(edited) == {"createIntent": ["summary"], "summary": [None], "done": ["@end"], "failed": ["@end"]}


def test_a_patch_sets_and_removes_properties_and_leaves_the_others() -> None:
    edited = after({"op": "set_node", "name": "summary", "properties_patch": {"error_prompts": None, "retries": 2}})
    before = draft().nodes["summary"]["properties"]
    assert edited.nodes["summary"]["properties"] == {
        "type": "string",
        "prompts": before["prompts"],
        "retries": 2,
    }
    assert "retries" not in before


def test_a_renamed_entity_is_renamed_wherever_it_is_spoken_of() -> None:
    mentions = document(
        "speak",
        [
            node("start", "intent"),
            node("summary", "entity", prompts=["What?"]),
            node("say", "message", texts=["{{ context.entities.summary }} and context.entities.summary"]),
            node(
                "code",
                "script",
                code="const {entities} = context; entities['summary'] = context.entities?.summary + context.summary",
            ),
            node(
                "set", "logic", assignments=[{"key": "entities.summary", "value": "{{context.entities.summaryLong}}"}]
            ),
        ],
        [
            arrow("start", "summary"),
            arrow("summary", "say", {"criteria": [{"subject": "entity", "key": "summary", "operator": "exists"}]}),
        ],
    )
    edited = after(rename("summary", "title"), of=mentions)
    properties = {name: entry["properties"] for name, entry in edited.nodes.items()}
    assert properties["say"]["texts"] == ["{{ context.entities.title }} and context.entities.summary"]
    assert properties["code"]["code"] == (
        "const {entities} = context; entities['title'] = context.entities?.title + context.summary"
    )
    assert properties["set"]["assignments"] == [{"key": "entities.title", "value": "{{context.entities.summaryLong}}"}]
    assert edited.ways["title"][0]["condition"]["criteria"][0]["key"] == "title"
    assert targets(edited)["start"] == ["title"]


def test_renaming_tells_how_many_places_it_rewrote_and_exactly_how() -> None:
    edited = draft().copy()
    (told,) = apply(edited, [rename("createIssue", "makeIssue")])
    # Two messages twice each, the arrow in, and nothing else.
    assert told["mentions"] == 5
    assert {op["name"] for op in told["ops"] if op["op"] == "set_node"} == {"done", "failed", "makeIssue"}
    assert edited.nodes["done"]["properties"]["texts"] == [
        "Created: {{context.makeIssue.response.outcome}} {{context.makeIssue.response.body.key}}"
    ]


def test_a_property_that_names_a_node_follows_its_new_name() -> None:
    edited = after(rename("failed", "sorry"), rename("readProject", "project"), rename("work", "calls"))
    assert edited.nodes["createIssue"]["properties"]["on_failure"] == "sorry"
    assert edited.nodes["calls"]["properties"]["first"] == "project"
    assert edited.nodes["project"]["parent"] == "calls"


def test_a_condition_inside_a_property_follows_a_new_name() -> None:
    about = {"subject": "entity", "key": "summary", "operator": "exists"}
    row = {"key": "note", "value": 1, "when": {"match": "all", "criteria": [about]}}
    logic = {"op": "add_node", "node": {"name": "set", "kind": "logic", "properties": {"assignments": [row]}}}
    kept = after(logic, rename("summary", "title")).nodes["set"]["properties"]["assignments"][0]
    assert kept["when"]["criteria"] == [about | {"key": "title"}]


def test_the_start_and_the_notes_follow_a_new_name() -> None:
    notes = {"op": "set_notes", "notes": [{"id": "n1", "text": "Ask first", "members": ["createIntent", "summary"]}]}
    edited = after(notes, rename("createIntent", "begin"))
    assert edited.head["start"] == "begin"
    assert edited.notes["n1"]["members"] == ["begin", "summary"]


def test_a_name_with_a_hyphen_stays_readable_for_scripts() -> None:
    script = document(
        "s", [node("a", "entity", prompts=["?"]), node("b", "script", code="x = context.entities.a;")], []
    )
    assert after(rename("a", "a-b"), of=script).nodes["b"]["properties"]["code"] == 'x = context.entities["a-b"];'


@pytest.mark.parametrize(
    ("op", "words"),
    [
        ({"op": "fly"}, "no operation 'fly'"),
        ({"op": "add_node", "node": {"name": "two words", "kind": "message"}}, "“two words” is no name"),
        ({"op": "add_node", "node": {"name": "summary", "kind": "entity"}}, "already"),
        ({"op": "add_node", "node": {"name": "x", "kind": "entity", "parent": "nowhere"}}, "inside nowhere"),
        ({"op": "remove_node", "name": "nobody"}, "no node nobody"),
        ({"op": "set_node", "name": "work", "parent": "readProject"}, "inside itself"),
        ({"op": "rename_node", "from": "summary", "to": "done"}, "already"),
        ({"op": "set_transitions", "source": "summary", "transitions": [{"target": "nobody"}]}, "no node nobody"),
        ({"op": "set_node", "name": "summary", "position": {"x": "left"}}, "position"),
        ({"op": "set_task", "title": "  "}, "title"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(op: dict[str, Any], words: str) -> None:
    with pytest.raises(BadEdit, match="Nothing was changed") as refused:
        after(op)
    assert words in refused.value.message


def test_a_refusal_names_the_operation_that_failed() -> None:
    with pytest.raises(BadEdit) as refused:
        after({"op": "remove_node", "name": "done"}, {"op": "remove_node", "name": "done"})
    assert (refused.value.at, refused.value.node) == (1, "done")


EDITS: list[list[dict[str, Any]]] = [
    [{"op": "remove_node", "name": "work"}],
    [{"op": "remove_node", "name": "readProject"}, {"op": "set_node", "name": "summary", "title": "What"}],
    [rename("createIssue", "makeIssue"), {"op": "set_task", "description": "Makes one", "settings": {"a": 1}}],
    [
        {"op": "add_node", "node": {"name": "box", "kind": "bot_action", "properties": {"first": "inner"}}},
        {"op": "add_node", "node": {"name": "inner", "kind": "script", "parent": "box", "position": {"x": 1, "y": 2}}},
        {"op": "set_node", "name": "readProject", "parent": "box"},
        {"op": "remove_node", "name": "work"},
        {"op": "set_transitions", "source": "summary", "transitions": [{"target": "box"}]},
    ],
    [{"op": "set_node", "name": "summary", "properties": {}}, {"op": "set_notes", "notes": [{"id": "n"}]}],
    [
        {"op": "set_transitions", "source": "done", "transitions": []},
        {"op": "set_node", "name": "done", "kind": "script"},
    ],
]


@pytest.mark.parametrize("ops", EDITS)
def test_any_edit_can_be_made_again_from_the_difference_and_taken_back(ops: list[dict[str, Any]]) -> None:
    before, edited = draft(), after(*ops)
    again = before.copy()
    apply(again, ops_between(before, edited))
    assert not touched(again, edited)
    apply(again, ops_between(edited, before))
    assert not touched(again, before)


def test_an_edit_touches_what_differs_and_nothing_else() -> None:
    edited = after(
        {"op": "set_node", "name": "summary", "title": "About", "properties_patch": {"retries": 2}},
        {"op": "remove_node", "name": "failed"},
        {"op": "set_note", "note": {"id": "n1"}},
    )
    assert set(touched(draft(), edited)) == {
        Thing("node", "summary", "title"),
        Thing("property", "summary", "retries"),
        Thing("node", "failed"),
        Thing("note", "n1"),
    }


@pytest.mark.parametrize(
    ("mine", "theirs", "found"),
    [
        (Thing("property", "a", "prompts"), Thing("property", "a", "prompts"), True),
        (Thing("property", "a", "prompts"), Thing("property", "a", "retries"), False),
        (Thing("property", "a", "prompts"), Thing("property", "b", "prompts"), False),
        (Thing("property", "a", "prompts"), Thing("node", "a"), True),
        (Thing("node", "a"), Thing("property", "a", "prompts"), True),
        (Thing("node", "a"), Thing("node", "a", "position"), False),
        (Thing("node", "a", "position"), Thing("node", "a", "position"), False),
        (Thing("node", "a", "position"), Thing("node", "a"), True),
        (Thing("transitions", "a"), Thing("transitions", "a"), True),
        (Thing("node", "a"), Thing("transitions", "a"), True),
        (Thing("task", "title"), Thing("task", "title"), True),
        (Thing("task", "title"), Thing("note", "title"), False),
    ],
)
def test_two_changes_clash_where_one_would_undo_the_other(mine: Thing, theirs: Thing, found: bool) -> None:
    assert clashes([mine], [theirs]) == ([mine] if found else [])


def test_uses_count_arrows_properties_and_mentions_by_others() -> None:
    assert uses_of(draft()) == {
        "summary": 2,
        "work": 1,
        "readProject": 1,
        "createIssue": 5,
        "done": 1,
        "failed": 1,
    }


def test_what_a_renaming_rewrote_is_told_so_exactly_that_any_editor_comes_to_the_same_draft() -> None:
    """An editor may rewrite by a rule of its own; here one that puts the new name into everything."""
    before = draft()
    edited = before.copy()
    (told,) = apply(edited, [rename("createIssue", "makeIssue")])
    careless = Draft.of(json.loads(json.dumps(before.document()).replace("createIssue", "makeIssue")))
    careless.nodes["makeIssue"]["title"] = "createIssue"
    apply(careless, told["ops"])
    assert not touched(careless, edited)


NAMES = st.sampled_from(["summary", "work", "readProject", "createIssue", "done", "new", "other"])
PARENTS = st.sampled_from([None, "work", "new", "readProject"])
KINDS = st.sampled_from(["entity", "message", "service", "bot_action", "no_such_kind"])
TEXTS = st.sampled_from([["{{context.entities.summary}}"], ["{{context.createIssue.response.body}} context.new"], None])
OPS = st.one_of(
    st.builds(lambda n, k, p: {"op": "add_node", "node": {"name": n, "kind": k, "parent": p}}, NAMES, KINDS, PARENTS),
    st.builds(lambda n: {"op": "remove_node", "name": n}, NAMES),
    st.builds(
        lambda n, p, t: {"op": "set_node", "name": n, "parent": p, "properties_patch": {"texts": t}},
        NAMES,
        PARENTS,
        TEXTS,
    ),
    st.builds(lambda n, k: {"op": "set_node", "name": n, "kind": k, "position": {"x": 1, "y": 2}}, NAMES, KINDS),
    st.builds(rename, NAMES, NAMES),
    st.builds(
        lambda n, t: {"op": "set_transitions", "source": n, "transitions": [{"target": x} for x in t]},
        NAMES,
        st.lists(NAMES),
    ),
    st.builds(lambda n, m: {"op": "set_note", "note": {"id": n, "members": m}}, NAMES, st.lists(NAMES)),
    st.builds(lambda n: {"op": "set_task", "start": n}, NAMES),
)


@given(st.lists(OPS, max_size=12), st.lists(OPS, max_size=12))
def test_any_two_drafts_can_be_turned_into_each_other(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
    first, second = _edited(one), _edited(other)
    turned = first.copy()
    apply(turned, ops_between(first, second))
    assert not touched(turned, second)
    assert not ops_between(turned, second)


@given(st.lists(OPS, max_size=12))
def test_no_edit_leaves_a_draft_that_points_nowhere(ops: list[dict[str, Any]]) -> None:
    edited = _edited(ops)
    assert {node["parent"] for node in edited.nodes.values()} <= {None, *edited.nodes}
    assert edited.ways.keys() <= edited.nodes.keys()
    assert {way["target"] for ways in edited.ways.values() for way in ways} <= {
        None,
        "@end",
        "@end_of_action",
        *edited.nodes,
    }
    assert edited.origin.keys() <= edited.nodes.keys()
    assert all(name not in edited.inside(name) for name in edited.nodes)


def _edited(ops: list[dict[str, Any]]) -> Draft:
    """A draft after those of the operations that can be made."""
    edited = draft().copy()
    for op in ops:
        trial = copy.deepcopy(edited)
        try:
            apply(trial, read_ops([op]))
        except BadEdit:
            continue
        edited = trial
    return edited
