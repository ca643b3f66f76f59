from __future__ import annotations

from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import pytest

from dialogs.graph.model import Node
from dialogs.nodes.kinds.entity import Entity
from dialogs.nodes.registry import prepare
from dialogs.nodes.values.base import Circumstances, Found, Reading, Several, Unfit
from tests.dialogs.engine.stand_ins import SCRIPTS

AROUND = Circumstances(datetime(2026, 11, 23, 9, 30, tzinfo=UTC), SCRIPTS)


def entity(**properties: Any) -> Entity:
    node, problems = prepare(Node("it", "entity", properties={"prompts": ["?"], **properties}))
    assert not problems
    assert isinstance(node, Entity)
    return node


def read(text: str, **properties: Any) -> Reading:
    return entity(**properties).reader.read(text, AROUND)


def found(text: str, **properties: Any) -> Any:
    reading = read(text, **properties)
    return reading.value if isinstance(reading, Found) else reading


def offered(text: str, **properties: Any) -> list[str]:
    reading = read(text, **properties)
    assert isinstance(reading, Several), reading
    return [words for _, words in reading.options]


def test_a_string_is_one_line_and_a_description_keeps_its_lines() -> None:
    assert found(" a\n b ", type="string") == "a b"
    assert found(" a\n b ", type="description") == "a\n b"


def test_a_text_can_be_too_long() -> None:
    assert isinstance(read("x" * 256, type="string", max_length=255), Unfit)


def test_a_text_of_a_given_form() -> None:
    rules = {"type": "string", "pattern": "^[A-Z][A-Z0-9_]+$", "letter_case": "upper"}
    assert found("demo", **rules) == "DEMO"
    assert found("“demo”.", **rules) == "DEMO"
    assert isinstance(read("not a key", **rules), Unfit)


def test_a_pattern_with_groups_runs_in_the_sandbox() -> None:
    assert found("A-1,B-2", type="pattern", pattern=r"[A-Z]+-\d+(,[A-Z]+-\d+)*") == "A-1,B-2"


@pytest.mark.parametrize("pattern", ["(a+)+", "(a|a)*b", "a?" * 40 + "a" * 40, "(?:a*)*b", "(([a-z])+.)+[A-Z]"])
def test_a_pattern_that_never_ends_is_stopped(pattern: str) -> None:
    began = perf_counter()
    assert isinstance(read("a" * 35 + "1", type="pattern", pattern=pattern), Unfit)
    assert perf_counter() - began < 5


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("-3.5", -3.5), ("1,000", 1000), ("twenty-five", 25), ("two hundred and six", 206), ("minus one", -1),
     ("three million", 3_000_000), ("1" * 18, int("1" * 18))],
)  # fmt: skip
def test_numbers(text: str, number: float) -> None:
    assert found(text, type="number") == number


@pytest.mark.parametrize("text", ["", "many", "1" * 19, "1,00", "1.2.3", "12 apples", "and", "NaN", "inf", "1e5"])
def test_no_numbers(text: str) -> None:
    assert isinstance(read(text, type="number"), Unfit)


def test_a_number_has_limits() -> None:
    assert isinstance(read("0", type="number", minimum=1), Unfit)
    assert isinstance(read("9", type="number", maximum=5), Unfit)


def test_an_address_is_found_in_a_sentence() -> None:
    assert found("it's ann@example.com, thanks", type="email") == "ann@example.com"
    assert offered("a@example.com or b@example.com", type="email") == ["a@example.com", "b@example.com"]
    assert isinstance(read("ann@", type="email"), Unfit)
    assert isinstance(read("a" * 60 + "@" * 5000, type="email"), Unfit)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-12-24", "2026-12-24"), ("tomorrow", "2026-11-24"), ("12/24/2026", "2026-12-24"),
     ("in two weeks", "2026-12-07"), ("Friday", "2026-11-27"), ("3 May", "2027-05-03")],
)  # fmt: skip
def test_dates(text: str, day: str) -> None:
    assert found(text, type="date") == day


def test_a_date_that_can_be_two_days_is_asked_about() -> None:
    assert offered("03/04/2027", type="date") == ["2027-04-03", "2027-03-04"]
    assert offered("next friday", type="date") == ["2026-11-27", "2026-12-04"]


@pytest.mark.parametrize("text", ["", "12", "banana", "2026-02-30", "May", "x" * 5000])
def test_no_dates(text: str) -> None:
    assert isinstance(read(text, type="date"), Unfit)


LIST = {
    "type": "list",
    "choices": [{"value": "summary", "title": "Summary", "synonyms": ["title"]}, {"value": "labels", "title": "Label"}],
}


@pytest.mark.parametrize("text", ["summary", "Summary!", "title", "1", "the first one", "the summary please"])
def test_a_choice_is_known_by_its_names_and_its_number(text: str) -> None:
    assert found(text, **LIST) == "summary"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("sumary", ["Summary"]),
        ("sum", ["Summary"]),
        ("summary or label", ["Summary", "Label"]),
        ("not the summary", ["Summary"]),
    ],
)
def test_a_near_miss_is_asked_about_and_never_taken(text: str, titles: list[str]) -> None:
    assert offered(text, **LIST) == titles


def test_what_is_like_no_choice_is_refused() -> None:
    assert isinstance(read("weather", **LIST), Unfit)
    assert isinstance(read("3", **LIST), Unfit)


def test_the_longer_of_two_names_wins() -> None:
    assert found("a bug report please", type="list", choices=["Bug", "Bug report"]) == "Bug report"
