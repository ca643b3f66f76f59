"""The platform's own sentences: each in every language, and said in that of the person."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest

from dialogs.engine.phrases import open_link, timed_out
from dialogs.engine.requests import DISCARD
from dialogs.nodes.kinds.agent_transfer import LEAVE
from dialogs.nodes.person import Person as Reader
from dialogs.nodes.saying import say, speaking, tables
from dialogs.nodes.values.base import Found, Unfit
from dialogs.nodes.words import MORE, SKIP, plain, yes_or_no
from tests.dialogs.engine.stand_ins import Chat
from tests.dialogs.engine.tasks import line, node, task
from tests.dialogs.nodes.test_values import AROUND, entity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.nodes.values.base import Reading

SOURCES = Path(__file__).parents[3] / "dialogs"


def sentences() -> Iterator[str]:
    """Every sentence that is said somewhere; one that is put into a name first must stand in the same function."""
    for path in SOURCES.rglob("*.py"):
        if "node_modules" in path.parts or "say(" not in (text := path.read_text()):
            continue
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef):
                yield from _said_in(function)


def _said_in(function: ast.FunctionDef) -> Iterator[str]:
    named = {
        target.id: part.value.value
        for part in ast.walk(function)
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.Constant)
        for target in part.targets
        if isinstance(target, ast.Name)
    }
    for part in ast.walk(function):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "say":
            sentence = part.args[0]
            found = sentence.value if isinstance(sentence, ast.Constant) else named.get(getattr(sentence, "id", ""))
            assert isinstance(found, str), f"{function.name} says what a check cannot read"
            yield found


def fields(sentence: str) -> set[tuple[str, str]]:
    return {(name, form or "") for _, name, form, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("language", sorted(tables()))
def test_no_language_lacks_a_sentence_or_keeps_one_that_is_said_no_more(language: str) -> None:
    assert set(tables()[language]) == set(sentences())


@pytest.mark.parametrize("language", sorted(tables()))
def test_a_translation_has_the_same_parts_and_says_something(language: str) -> None:
    for english, own in tables()[language].items():
        assert fields(own) == fields(english), english
        assert own.strip() == own != "", english


@pytest.mark.parametrize(
    ("locale", "app", "said"),
    [
        ("de-CH", "en", "Das ist nichts davon."),
        ("fr_FR", "de", "Ce n'est aucun de ceux-là."),
        ("es", "en", "Eso no es ninguno de ellos."),
        ("", "de", "Das ist nichts davon."),
        ("ja", "fr", "Ce n'est aucun de ceux-là."),
        ("ja", "ko", "That is none of those."),
        ("en-GB", "de", "That is none of those."),
    ],
)
def test_it_is_said_in_the_persons_language_else_in_the_apps(locale: str, app: str, said: str) -> None:
    with speaking(Reader(locale=locale, app_locale=app)):
        assert say("That is none of those.") == said
    assert say("That is none of those.") == "That is none of those."


def test_spans_of_time_are_said_in_the_language_too() -> None:
    with speaking(Reader(locale="de")):
        assert timed_out("Bestellen", 120) == (
            "Unser letztes Wort zu „Bestellen“ ist 2 Stunden her, also habe ich es beendet. Was vorher getan wurde, "
            "bleibt getan."
        )
    with speaking(Reader(locale="fr")):
        assert "(valable encore 1\xa0jour)" in open_link("https://x.example", 24 * 60, code_needed=False)


@pytest.mark.parametrize(("language", "yes", "no"), [("de", "Ja", "Nein"), ("fr", "Oui", "Non"), ("es", "Sí", "No")])
def test_what_it_offers_to_be_said_is_understood(language: str, yes: str, no: str) -> None:
    words = {"de": "abbrechen überspringen mehr beenden", "fr": "annuler passer plus quitter"}
    cancel, skip, more, leave = words.get(language, "cancelar omitir más salir").split()
    table = tables()[language]
    assert cancel in DISCARD
    assert cancel in table["Once that is done I go on from here by myself; say “cancel” if you do not want to wait."]
    assert skip in SKIP
    assert skip in table["Say “skip” to leave it empty."]
    assert more in MORE
    assert more in table["Say “more” for the rest."]
    assert leave in LEAVE
    assert leave in table["Say “exit” to leave."]
    assert (yes_or_no(yes), yes_or_no(no)) == ("yes", "no")
    assert (table["Yes"], table["No"]) == (yes, no)
    assert plain(yes) == yes.casefold()


def test_a_conversation_is_held_in_the_persons_language() -> None:
    nodes = [
        node("count", "entity", type="number", prompts=["Wie viele?"]),
        node("sure", "confirmation", prompts=["?"]),
    ]
    chat = Chat(task("order", "Bestellen", ["bestellen"], nodes, line("order", "count", "sure")))
    chat.speaks(Reader(locale="de"))
    chat.say("bestellen")
    chat.say("3")
    assert chat.turn.replies[0].quick_replies == (("Ja", "yes"), ("Nein", "no"))
    assert chat.say("abbrechen") == [
        "Ich habe „Bestellen“ hier abgebrochen. Was vorher getan wurde, bleibt getan; mehr geschah nicht."
    ]
    chat.speaks(Reader(locale="en"))
    assert chat.say("cancel") == ["There is nothing under way that I could stop. What I can do: Bestellen."]


def read_by(reader: Reader, text: str, **properties: Any) -> Reading:
    """What is read of an answer by an entity with these properties, while the reader's language is spoken."""
    with speaking(reader):
        return entity(**properties).reader.read(text, replace(AROUND, person=reader))


def test_no_refusal_of_a_value_is_written_in_english_alone() -> None:
    english = [
        f"{path.name}:{part.lineno}"
        for path in (SOURCES / "nodes").rglob("*.py")
        for part in ast.walk(ast.parse(path.read_text()))
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name) and part.func.id == "Unfit"
        if isinstance(part.args[0], ast.JoinedStr) or (isinstance(part.args[0], ast.Constant) and part.args[0].value)
    ]
    assert english == []


@pytest.mark.parametrize(
    ("locale", "type_name", "text", "refusal"),
    [
        ("de", "number", "viel", "„viel“ ist keine Zahl."),
        ("de-DE", "zip", "1", "„1“ ist keine Postleitzahl wie 26133 (Deutschland)."),
        ("fr", "email", "moi", "« moi » n'est pas une adresse e-mail."),
        ("es", "date", "nunca", "No entiendo «nunca» como una fecha."),
    ],
)
def test_what_does_not_fit_is_said_in_the_persons_language(
    locale: str, type_name: str, text: str, refusal: str
) -> None:
    assert read_by(Reader(locale=locale), text, type=type_name) == Unfit(refusal)


def test_a_limit_is_written_as_the_person_writes_numbers() -> None:
    reading = read_by(Reader(locale="de-DE"), "3000", type="number", maximum=2500.5)
    assert reading == Unfit("3.000 ist zu groß; höchstens 2.500,5 ist möglich.")


@pytest.mark.parametrize(
    ("language", "type_name", "example"),
    [
        ("de", "date_time", "morgen um 15:00"),
        ("fr", "date_time", "demain 15:00"),
        ("es", "date_time", "mañana 15:00"),
        ("de", "period", "3. Mai bis 5. Mai"),
        ("fr", "period", "3 mai - 5 mai"),
        ("es", "period", "3 de mayo - 5 de mayo"),
        ("de", "quantity", "20 Minuten"),
        ("fr", "quantity", "20 minutes"),
        ("es", "quantity", "20 minutos"),
    ],
)
def test_an_example_that_a_refusal_gives_is_understood(language: str, type_name: str, example: str) -> None:
    assert any(example in own for own in tables()[language].values())
    assert isinstance(read_by(Reader(locale=language), example, type=type_name), Found)
