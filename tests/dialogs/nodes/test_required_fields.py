"""Fields that are only known while the dialog runs, asked one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dialogs.engine.stand_ins import Chat, Provider, answered
from tests.dialogs.engine.tasks import arrow, line, node, service, task

if TYPE_CHECKING:
    from collections.abc import Sequence

SEVERITY = {
    "name": "severity",
    "title": "Severity",
    "type": "list",
    "choices": [{"title": "High", "value": {"id": "1"}}, {"title": "Low", "value": {"id": "2"}}],
}
SERVICES = {
    "name": "services",
    "title": "Services",
    "type": "list",
    "many": True,
    "choices": [{"title": title, "value": {"id": title}} for title in ("Mail", "Login", "Search and archive")],
}
COUNT = {"name": "count", "title": "People", "type": "number"}
ASSET = {"name": "asset", "title": "Asset"}
JOS = [{"id": "1", "name": "Jo Jones"}, {"id": "2", "name": "Jo Jackson"}]
PARENT = {"name": "parent", "title": "Parent", "type": "string", "shape": {"key": "{{value}}"}}


def chat_about(fields: Any, **properties: Any) -> Chat:
    """A conversation that is being asked for these fields, as a system described them."""
    nodes = [
        service("describe", "getFields"),
        node("needed", "required_fields", fields="{{context.describe.response.body}}", **properties),
        service("send", "sendAll", body="{{context.needed.values}}"),
        node("sent", "message", texts=["Sent."]),
        node("other", "message", texts=["Not in a chat: {{context.needed.unaskable}}"]),
    ]
    arrows = [*line("ask", "describe", "needed", "send", "sent"), arrow("other", "@end")]
    provider = Provider({"getFields": answered(200, fields)})
    return Chat(task("ask", "Ask", ["ask me"], nodes, arrows), provider=provider)


def sent(fields: Any, answers: Sequence[str], **properties: Any) -> Any:
    """What the request holds after these answers."""
    chat = chat_about(fields, **properties)
    for text in ("ask me", *answers):
        said = chat.say(text)
    assert said == ["Sent."], said
    return chat.provider.requests[-1].body


@pytest.mark.parametrize("nothing", [[], None])
def test_nothing_is_asked_where_nothing_is_needed(nothing: Any) -> None:
    assert sent(nothing, []) == {}


def test_each_field_is_asked_in_turn_by_its_type() -> None:
    chat = chat_about([SEVERITY, COUNT])
    assert chat.say("ask me") == ["I also need “Severity”. High or Low?"]
    assert chat.turn.replies[0].quick_replies == (("High", "High"), ("Low", "Low"))
    assert chat.say("low") == ["I also need “People”. Which number?"]
    assert chat.say("twelve") == ["Sent."]
    assert chat.provider.requests[-1].body == {"severity": {"id": "2"}, "count": 12}


def test_an_answer_that_does_not_fit_is_asked_again_and_what_was_given_stays() -> None:
    chat = chat_about([SEVERITY, COUNT])
    chat.say("ask me")
    chat.say("high")
    assert chat.say("a crowd") == ["“a crowd” is not a number. I also need “People”. Which number?"]
    chat.say("3")
    assert chat.provider.requests[-1].body == {"severity": {"id": "1"}, "count": 3}


def test_a_near_miss_is_asked_about_and_never_taken() -> None:
    chat = chat_about([SEVERITY])
    chat.say("ask me")
    assert chat.say("hihg") == ["Did you mean “High”?"]
    assert chat.say("yes") == ["Sent."]


def test_after_the_last_retry_the_task_ends_and_nothing_is_sent() -> None:
    chat = chat_about([COUNT], retries=1)
    chat.say("ask me")
    chat.say("many")
    assert "“People”" in chat.say("very many")[0]
    assert chat.turn.end_reason == "failed"
    assert [request.operation for request in chat.provider.requests] == ["getFields"]


@pytest.mark.parametrize(
    ("answer", "values"),
    [
        ("Mail", ["Mail"]),
        ("mail, login", ["Mail", "Login"]),
        ("Mail and Login", ["Mail", "Login"]),
        ("search and archive", ["Search and archive"]),
        ("Login, Search and archive", ["Login", "Search and archive"]),
        ("mail and search and archive and login", ["Mail", "Search and archive", "Login"]),
        ("Mail, Mail; mail", ["Mail"]),
    ],
)
def test_a_field_of_many_values_takes_all_that_are_named(answer: str, values: list[str]) -> None:
    assert sent([SERVICES], [answer]) == {"services": [{"id": value} for value in values]}


def test_of_many_values_none_is_dropped_silently() -> None:
    chat = chat_about([SERVICES])
    chat.say("ask me")
    assert "“Telephone” is none of the values." in chat.say("Mail and Telephone")[0]


def test_a_value_is_put_into_the_form_in_which_it_is_sent() -> None:
    assert sent([PARENT], ["DEMO-1"]) == {"parent": {"key": "DEMO-1"}}


def test_words_with_braces_are_data_and_never_a_template() -> None:
    title = {**PARENT, "title": "{{context.entities}}"}
    chat = chat_about([title])
    assert chat.say("ask me") == ["I also need “{{context.entities}}”. What shall it be?"]
    chat.say("{{context.describe}}")
    assert chat.provider.requests[-1].body == {"parent": {"key": "{{context.describe}}"}}


def test_what_has_a_default_is_not_asked() -> None:
    assert sent([{**COUNT, "has_default": True}, {**ASSET, "has_default": True}], []) == {}


def test_what_is_optional_can_be_skipped_and_is_left_out() -> None:
    assert sent([{**COUNT, "required": False}, PARENT], ["skip", "DEMO-1"]) == {"parent": {"key": "DEMO-1"}}
    assert sent([{**ASSET, "required": False}], []) == {}


def test_what_a_chat_cannot_ask_is_named_before_anything_is_asked() -> None:
    chat = chat_about([SEVERITY, ASSET])
    assert chat.say("ask me")[0].startswith("“Asset” must be filled in, and that cannot be asked in a chat. Nothing")
    assert chat.turn.end_reason == "failed"


def test_a_dialog_may_say_so_in_its_own_words() -> None:
    chat = chat_about([SEVERITY, ASSET], on_unaskable="other")
    assert chat.say("ask me") == ['Not in a chat: ["Asset"]']


@pytest.mark.parametrize(
    "broken",
    [{"type": "nonesuch"}, {"type": "list"}, {"type": "string", "shape": "{{"}, {"type": "string", "max_length": -1}],
)
def test_a_description_that_is_no_entity_counts_as_one_that_cannot_be_asked(broken: dict[str, Any]) -> None:
    assert "“Odd”" in chat_about([{"name": "odd", "title": "Odd", **broken}]).say("ask me")[0]


@pytest.mark.parametrize("fields", ["severity", 5, {"name": "x"}, [1], [{"title": "no name"}]])
def test_what_is_no_list_of_descriptions_ends_the_task_with_words(fields: Any) -> None:
    chat = chat_about(fields)
    assert "could not find out what" in chat.say("ask me")[0]
    assert chat.turn.end_reason == "failed"


def test_the_wording_of_the_question_can_be_the_authors() -> None:
    chat = chat_about([SEVERITY], prompts=["{{context.field.title}}, please: {{context.field.choices}}"])
    assert chat.say("ask me") == ["Severity, please: High or Low"]


def test_all_that_an_author_can_say_of_a_question_holds_for_each_field() -> None:
    chat = chat_about([COUNT], error_prompts=["Digits, please."], prompt_script="print(context.field.title + '?')")
    assert chat.say("ask me") == ["People?"]
    assert chat.say("many") == ["Digits, please."]
    assert chat.say("3") == ["Sent."]


def test_a_description_may_say_what_to_ask() -> None:
    assert chat_about([{**PARENT, "ask": "Which issue?"}]).say("ask me") == ["I also need “Parent”. Which issue?"]


def test_choices_may_be_looked_up_by_what_is_typed() -> None:
    query = {"query": "{{context.inputData.input}}"}
    people = {"provider": "jira", "operation": "findPeople", "parameters": query, "value": "id", "title": "name"}
    owner = {"name": "owner", "title": "Owner", "type": "list", "lookup": people, "shape": {"accountId": "{{value}}"}}
    chat = chat_about([COUNT, owner])
    chat.provider.answers["findPeople"] = lambda request: answered(
        200, [one for one in JOS if one["name"].startswith(request.parameters["query"])]
    )
    for text in ("ask me", "3"):
        chat.say(text)
    assert "nothing for “Zoe”" in chat.say("Zoe")[0]
    assert "1) Jo Jones" in chat.say("Jo")[0]
    chat.say("Jo Jackson")
    assert chat.provider.requests[-1].body == {"count": 3, "owner": {"accountId": "2"}}


def test_of_very_many_choices_some_are_said() -> None:
    many = {**SEVERITY, "choices": [f"Choice {number}" for number in range(40)]}
    question = chat_about([many]).say("ask me")[0]
    assert "Choice 7 or one of 32 others?" in question


def test_other_entities_of_the_task_are_not_touched() -> None:
    chat = chat_about([{**COUNT, "name": "summary"}])
    chat.say("ask me")
    assert chat.state.context["entities"] == {}
    chat.say("5")
    assert chat.provider.requests[-1].body == {"summary": 5}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
DESCRIPTION = st.fixed_dictionaries(
    {"name": st.text(min_size=1, max_size=5)},
    optional={
        "title": JSON,
        "type": st.sampled_from(["string", "list", "number", "date", "description", "pattern"]) | JSON,
        "choices": JSON,
        "many": st.booleans(),
        "required": st.booleans(),
        "shape": JSON,
        "max_length": st.integers(-5, 50),
    },
)


@given(st.lists(DESCRIPTION, max_size=4) | JSON, st.lists(st.text(max_size=12), max_size=4))
def test_no_description_and_no_message_raises(fields: Any, messages: list[str]) -> None:
    chat = chat_about(fields)
    for text in ("ask me", *messages):
        assert chat.say(text)
