from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dialogs.graph.model import Node
from dialogs.nodes.person import Person, language_tag
from dialogs.nodes.registry import prepare, schema_of
from tests.dialogs.engine.stand_ins import Chat
from tests.dialogs.engine.tasks import arrow, node, task


@pytest.mark.parametrize(
    ("locale", "app", "languages"),
    [
        ("de_CH", "fr", ("de-ch", "de", "fr", "en")),
        ("", "pt-BR", ("pt-br", "pt", "en")),
        ("zh-Hant-TW", "en", ("zh-hant-tw", "zh-hant", "zh", "en")),
        ("klingon!", "", ("en",)),
    ],
)
def test_languages_are_looked_for_from_the_closest_to_english(
    locale: str, app: str, languages: tuple[str, ...]
) -> None:
    assert Person(locale=locale, app_locale=app).languages == languages


@pytest.mark.parametrize("tag", ["e", "english language", "de-", "", "../etc"])
def test_what_is_no_language_tag(tag: str) -> None:
    assert language_tag(tag) is None


def test_the_day_is_that_of_the_persons_clock() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert Person(time_zone="Asia/Tokyo").today(late).isoformat() == "2026-11-24"
    assert Person(time_zone="Nowhere/Never", app_time_zone="Asia/Tokyo").today(late).isoformat() == "2026-11-24"
    assert Person(time_zone="../../etc/passwd").today(late).isoformat() == "2026-11-23"


def greeting(texts: object) -> Chat:
    nodes = [node("said", "message", texts=texts)]
    return Chat(task("greet", "Greet", ["greet me"], nodes, [arrow("greet", "said"), arrow("said", "@end")]))


@pytest.mark.parametrize(("locale", "words"), [("de-AT", "Hallo"), ("fr", "Hello"), ("pt_BR", "Olá"), ("", "Hello")])
def test_a_text_is_said_in_the_persons_language_or_the_apps(locale: str, words: str) -> None:
    chat = greeting({"pt-BR": ["Olá"], "de": ["Hallo"], "en": "Hello"})
    chat.speaks(Person(locale=locale))
    assert chat.say("greet me") == [words]


def test_without_any_fitting_language_the_first_is_said() -> None:
    chat = greeting({"de": ["Hallo"], "fr": ["Salut"]})
    chat.speaks(Person(locale="ja", app_locale="ko"))
    assert chat.say("greet me") == ["Hallo"]


@pytest.mark.parametrize("texts", [{}, {"de": []}, {"English!": ["x"]}, {"de": [1]}, 5])
def test_texts_by_language_are_checked_when_they_are_written(texts: object) -> None:
    document = Node("it", "message", properties={"texts": texts})
    assert prepare(document)[1]


def test_norwegian_survives_yaml() -> None:
    assert not prepare(Node("it", "message", properties={"texts": {False: ["Hei"]}}))[1]


def test_a_form_learns_that_texts_can_be_given_by_language() -> None:
    texts = schema_of("message")["properties"]["texts"]
    assert texts["format"] == "by-language"
    assert [kind["type"] for kind in texts["anyOf"]] == ["array", "object"]
