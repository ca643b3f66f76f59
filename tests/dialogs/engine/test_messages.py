"""What a message says: texts, what can be tapped, data for channels that show more, dates as the person writes them."""

from __future__ import annotations

from typing import Any

import pytest

from dialogs.engine import Ports, Turn
from dialogs.engine.ports import Person
from tests.dialogs.engine.stand_ins import SCRIPTS, Chat, Provider, StillClock
from tests.dialogs.engine.tasks import line, node, task


def said(person: Person | None = None, script: str = "", **properties: Any) -> Turn:
    """The turn in which the message is said; ``script`` runs before it."""
    nodes = [node("tell", "message", **properties)]
    nodes += [node("before", "script", code=script)] if script else []
    names = ["before", "tell"] if script else ["tell"]
    talk = Chat(task("t", "Do it", ["do it"], nodes, line("t", *names, "@end")))
    talk.ports = Ports(Provider(), SCRIPTS, StillClock(), person=person or Person())
    talk.say("do it")
    return talk.turn


def reply(person: Person | None = None, script: str = "", **properties: Any) -> dict[str, Any]:
    return said(person, script, **properties).replies[0].to_json()


GERMAN = Person(locale="de-DE", time_zone="Europe/Berlin")


def test_quick_replies_and_buttons_go_beside_the_text() -> None:
    told = reply(
        texts=["Hi"],
        quick_replies=["Yes", {"title": "No, thanks", "value": "no"}],
        buttons=[{"title": "Open", "url": "https://example.com/"}, {"title": "Again", "value": "do it"}],
    )
    assert told["quick_replies"] == [{"title": "Yes", "value": "Yes"}, {"title": "No, thanks", "value": "no"}]
    assert told["data"] == {
        "buttons": [{"title": "Open", "url": "https://example.com/"}, {"title": "Again", "value": "do it"}]
    }


def test_data_are_filled_in_and_keep_their_shape() -> None:
    card = {"cards": [{"title": "{{context.typed}}", "url": "https://example.com/"}]}
    told = reply(script="context.typed = '\"}], {{context.x}}'", texts=["Hi"], data=card)
    assert told["data"] == {"cards": [{"title": '"}], {{context.x}}', "url": "https://example.com/"}]}


def test_each_person_is_told_in_their_language() -> None:
    texts = {"en": ["Hello"], "de": ["Hallo"]}
    taps = {"en": ["Yes"], "de": ["Ja"]}
    assert reply(texts=texts, quick_replies=taps)["text"] == "Hello"
    assert reply(GERMAN, texts=texts, quick_replies=taps)["text"] == "Hallo"
    assert reply(GERMAN, texts=texts, quick_replies=taps)["quick_replies"] == [{"title": "Ja", "value": "Ja"}]
    assert reply(Person(locale="fr"), texts=texts)["text"] == "Hello"


def test_dates_and_numbers_are_written_as_the_person_writes_them() -> None:
    script = "context.due = '2026-11-23T23:30:00+00:00'; context.total = 1234.5"
    texts = ["{{context.due | date}}: {{context.total | number}}"]
    assert reply(script=script, texts=texts)["text"] == "Nov 23, 2026: 1,234.5"
    assert reply(GERMAN, script, texts=texts)["text"] == "24.11.2026: 1.234,5"


def test_an_address_that_would_run_something_is_no_button() -> None:
    buttons = [{"title": "Open", "url": "{{context.link}}"}]
    assert reply(script="context.link = 'javascript:alert(1)'", texts=["Hi"], buttons=buttons)["data"] == {
        "buttons": []
    }


def test_a_script_may_show_more_than_it_prints() -> None:
    code = """
      print("Two issues:");
      show({quick_replies: ["More", {title: "Stop", value: "no"}], buttons: [{title: "Open", url: "https://e.com/"}]});
      show({data: {cards: [{title: context.typed}]}});
    """
    told = _shown(code)
    assert told["text"] == "Two issues:"
    assert told["quick_replies"] == [{"title": "More", "value": "More"}, {"title": "Stop", "value": "no"}]
    assert told["data"] == {
        "buttons": [{"title": "Open", "url": "https://e.com/"}],
        "cards": [{"title": "{{context.x}}"}],
    }


def _shown(code: str) -> dict[str, Any]:
    before = node("before", "script", code="context.typed = '{{context.x}}'")
    tell = node("tell", "message", script=code)
    talk = Chat(task("t", "Do it", ["do it"], [before, tell], line("t", "before", "tell", "@end")))
    talk.say("do it")
    return talk.turn.replies[0].to_json()


@pytest.mark.parametrize(
    "shown",
    [
        "[]",
        "'x'",
        "{quick_replies: 'x'}",
        "{quick_replies: [{}]}",
        "{buttons: [{title: 'x'}]}",
        "{buttons: [{title: 'x', url: 'javascript:1'}]}",
        "{data: []}",
        "{quick_replies: Array(13).fill('x')}",
    ],
)
def test_what_cannot_be_shown_is_said_to_developers(shown: str) -> None:
    before = node("tell", "message", script=f"print('x'); show({shown})")
    talk = Chat(task("t", "Do it", ["do it"], [before], line("t", "tell", "@end")))
    assert "A script of this dialog did not work" in talk.say("do it")[0]
    assert "The script of tell failed" in talk.steps["tell"]["error"]
