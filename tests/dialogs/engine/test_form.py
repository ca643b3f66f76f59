"""A form: the link, what was sent, and all that can come instead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dialogs.engine import compile_graph, problems_of
from dialogs.nodes.base import View
from dialogs.nodes.kinds.form import Form
from dialogs.nodes.kinds.form_fields import read_all
from dialogs.nodes.person import Person
from tests.dialogs.engine.outside import OutsideChat
from tests.dialogs.engine.stand_ins import NOW, SCRIPTS
from tests.dialogs.engine.tasks import line, node, task

FIELDS = [
    {"name": "summary", "title": "What is it about?", "type": "string", "max_length": 20},
    {"name": "kind", "type": "list", "choices": [{"value": "1", "title": "Bug"}, {"value": "2", "title": "Task"}]},
    {"name": "due", "type": "date", "requirement": "optional"},
    {"name": "points", "type": "number", "requirement": "optional", "minimum": 1, "default": 3},
]


def reporting(**properties: Any) -> dict[str, Any]:
    nodes = [
        node("details", "form", fields=FIELDS, **properties),
        node("done", "message", texts=["Got {{context.entities.summary}} ({{context.details.values.kind}})."]),
        node("late", "message", texts=["Another way: {{context.details.outcome}}"]),
    ]
    return task("report", "Report It", ["report it"], nodes, line("report", "details", "done"))


@pytest.fixture
def chat() -> OutsideChat:
    return OutsideChat(reporting())


@pytest.fixture
def form() -> Form:
    found = compile_graph(reporting()).nodes["details"]
    assert isinstance(found, Form)
    return found


def seen(**entities: Any) -> View:
    return View({"entities": entities}, NOW, SCRIPTS)


def test_the_link_comes_as_text_and_as_data(chat: OutsideChat) -> None:
    assert chat.say("report it") == [
        "Please fill in “details”. https://x/forms/1/ (it works for 1 hour; I go on by myself once you have sent it)"
    ]
    assert chat.turn.replies[0].data == {
        "type": "form",
        "url": "https://x/forms/1/",
        "expires_at": "2026-11-23T10:30:00+00:00",
        "title": "",
    }


def test_what_was_sent_is_in_the_entities_and_the_dialog_goes_on(chat: OutsideChat) -> None:
    chat.say("report it")
    assert chat.happens("arrived", {"summary": "Printer", "kind": "2", "due": None}) == [
        "Thank you, I have “details”.",
        "Got Printer (2).",
    ]


def test_words_after_sending_may_name_what_was_filled_in() -> None:
    chat = OutsideChat(reporting(submit_prompts=["Thanks for “{{context.entities.summary}}”."]))
    chat.say("report it")
    assert chat.happens("arrived", {"summary": "Printer"})[0] == "Thanks for “Printer”."


def test_an_author_may_want_no_words_after_sending() -> None:
    chat = OutsideChat(reporting(submit_prompts=[]))
    chat.say("report it")
    assert chat.happens("arrived", {"summary": "Printer", "kind": "2"}) == ["Got Printer (2)."]


def test_the_page_speaks_the_persons_language() -> None:
    german = {"intro": {"en": ["Tell us."], "de": ["Erzähl."]}, "submit_label": {"en": "Send", "de": "Senden"}}
    document = reporting(**german)
    labels = {"title": {"en": "Subject", "de": "Betreff"}, "help": {"en": "Short.", "de": "Kurz."}}
    document["nodes"][1]["properties"]["fields"] = [{"name": "summary", **labels}]
    form = compile_graph(document | {"nodes": document["nodes"][:2], "transitions": line("report", "details")}).nodes[
        "details"
    ]
    assert isinstance(form, Form)
    view = replace(seen(), person=Person("de-CH"))
    said = form.fields[0].label(view.person), form.fields[0].hint(view.person)
    assert (form.introduction(view), form.button(view), *said) == ("Erzähl.", "Senden", "Betreff", "Kurz.")


def test_a_message_meanwhile_gets_the_link_again(chat: OutsideChat) -> None:
    chat.say("report it")
    assert "https://x/forms/1/" in chat.say("where was it?")[0]


@pytest.mark.parametrize("by", ["chat", "page"])
def test_cancel_ends_the_task(chat: OutsideChat, by: str) -> None:
    chat.say("report it")
    said = chat.say("cancel") if by == "chat" else chat.happens("canceled")
    assert said == ["I stopped “Report It” here. What was done before stays done; nothing more was."]
    assert chat.turn.end_reason == "canceled"


def test_cancel_may_lead_to_a_node() -> None:
    chat = OutsideChat(reporting(on_cancel="late"))
    chat.say("report it")
    assert chat.say("cancel") == ["Another way: canceled"]


def test_a_form_that_is_not_sent_in_time_is_told_of(chat: OutsideChat) -> None:
    chat.say("report it")
    assert chat.happens("expired") == [
        "“details” was not sent in time, so its link works no more and nothing of it was kept."
    ]
    assert chat.turn.end_reason == "failed"


def test_the_time_limit_may_lead_to_a_node() -> None:
    chat = OutsideChat(reporting(on_timeout="late"))
    chat.say("report it")
    assert chat.happens("expired")[-1] == "Another way: expired"


def test_each_field_is_read_as_its_type_says(form: Form) -> None:
    given = {"summary": " Printer  on fire ", "kind": "Task", "due": "2026-12-24", "points": "5"}
    values, errors = read_all(form.fields, given, seen())
    assert values == {"summary": "Printer on fire", "kind": "2", "due": "2026-12-24", "points": 5}
    assert errors == {}


def test_what_is_wrong_is_said_beside_each_field(form: Form) -> None:
    given = {"summary": "x" * 21, "kind": "", "due": "soon", "points": "0"}
    values, errors = read_all(form.fields, given, seen())
    assert values == {}
    assert set(errors) == {"summary", "kind", "due", "points"}
    assert errors["kind"] == "Please fill this in."


def test_optional_fields_may_stay_empty(form: Form) -> None:
    values, errors = read_all(form.fields, {"summary": "Printer", "kind": "Bug"}, seen())
    assert (values["due"], values["points"], errors) == (None, None, {})


def test_fields_begin_with_what_is_known_or_their_default(form: Form) -> None:
    shown = {field.name: field.shown(seen(summary="Printer", kind="2")) for field in form.fields}
    assert shown == {"summary": "Printer", "kind": "Task", "due": "", "points": "3"}


def test_values_of_a_sensitive_form_are_not_in_the_trace() -> None:
    fields = [{"name": "pin", "type": "string", "sensitive": True}]
    document = reporting()
    document["nodes"][1]["properties"]["fields"] = fields
    document["nodes"][2]["properties"]["texts"] = ["Got it."]
    chat = OutsideChat(document)
    chat.say("report it")
    chat.happens("arrived", {"pin": "4711"})
    assert "4711" not in str(chat.turn.trace)
    assert chat.turn.end_reason == "fulfilled"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([], "must be a list with at least one field"),
        ([{"type": "string"}], "has a field without a name"),
        ([{"name": "a"}, {"name": "a"}], "has two fields named “a”"),
        ([{"name": "a", "type": "list"}], "“choices” is missing"),
        ([{"name": "a", "requirement": "hidden"}], "as hidden"),
        ([{"name": "a", "colour": "red"}], "“colour” is not a property"),
        ([{"name": "a", "title": {"nowhere!": "A"}}], "whose “label” has texts for “nowhere!”"),
        ([{"name": "a", "type": "attachment"}], "ask for files in the chat"),
    ],
)
def test_fields_are_checked_when_they_are_written(fields: Any, words: str) -> None:
    document = reporting()
    document["nodes"][1]["properties"]["fields"] = fields
    assert words in problems_of(document)[0].message


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("date", "2026-12-24", "2026-12-24"),
        ("number", 3.5, "3,5"),
        ("country", "DE", "Deutschland"),
        ("phone", "+4930123456", "+49 30 123456"),
        ("date", "soon", ""),
        ("quantity", "no such thing", ""),
    ],
)
def test_a_known_value_stands_in_its_field_as_the_person_would_write_it(kind: str, value: Any, words: str) -> None:
    document = reporting()
    document["nodes"][1]["properties"]["fields"] = [{"name": "it", "type": kind}]
    document["nodes"][2]["properties"]["texts"] = ["Got it."]
    node = compile_graph(document).nodes["details"]
    assert isinstance(node, Form)
    assert node.fields[0].shown(replace(seen(it=value), person=Person("de-DE"))) == words
