"""Filters of templates: dates and numbers as the reader writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from hypothesis import given, settings
from hypothesis import strategies as st

from xoplatform.core.formats import FILTERS
from xoplatform.core.templating import READER, TemplateSyntax, render, variables_of

if TYPE_CHECKING:
    from datetime import tzinfo


class Reader:
    def __init__(self, locale: str, zone: str = "UTC") -> None:
        self._locale, self._zone = locale, zone

    @property
    def conventions(self) -> Locale:
        return Locale.parse(self._locale)

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self._zone)


def said(template: str, value: Any, reader: Reader | None = None) -> Any:
    return render(template, {"v": value, READER: reader})


@pytest.mark.parametrize(
    ("template", "value", "locale", "words"),
    [
        ("{{v | date}}", "2026-11-23", "en", "Nov 23, 2026"),
        ("{{v | date}}", "2026-11-23", "de", "23.11.2026"),
        ("{{v | date long}}", "2026-11-23", "de", "23. November 2026"),
        ("{{v | date short}}", "2026-11-23", "en_GB", "23/11/2026"),
        ("{{v|time}}", "14:30", "de", "14:30"),
        ("{{v | number}}", 1234567.5, "de", "1.234.567,5"),
        ("{{v | number}}", "1234", "en", "1,234"),
        ("{{v | percent}}", 0.25, "en", "25%"),
        ("{{v | json}}", 'a "b"', "en", '"a \\"b\\""'),
        ("{{v | upper}}", "demo", "en", "DEMO"),
    ],
)
def test_a_filter_says_a_value_in_the_readers_way(template: str, value: Any, locale: str, words: str) -> None:
    assert said(template, value, Reader(locale)) == words


def test_a_moment_is_told_on_the_readers_clock() -> None:
    moment = "2026-11-23T23:30:00+00:00"
    assert said("{{v | date}}", moment, Reader("de", "Europe/Berlin")) == "24.11.2026"
    assert said("{{v | datetime}}", moment, Reader("de", "Europe/Berlin")) == "24.11.2026, 00:30:00"


def test_a_moment_without_a_zone_is_told_as_it_stands() -> None:
    assert said("{{v | datetime short}}", "2026-11-23T23:30", Reader("de", "Asia/Tokyo")) == "23.11.26, 23:30"


def test_nobody_in_particular_reads_english() -> None:
    assert said("due {{v | date}}", "2026-11-23") == "due Nov 23, 2026"


@pytest.mark.parametrize("name", list(FILTERS))
@pytest.mark.parametrize("value", ["no such thing", None, True, [], {"a": 1}, "9999-99-99", "nan", float("inf"), ""])
def test_what_a_filter_cannot_read_does_no_harm(name: str, value: Any) -> None:
    assert isinstance(said(f"-{{{{v | {name}}}}}-", value, Reader("de")), str)


@settings(max_examples=60)
@given(st.one_of(st.text(), st.integers(), st.floats(), st.dates().map(str), st.datetimes().map(str)))
def test_no_value_breaks_a_filter(value: Any) -> None:
    for name in FILTERS:
        said(f"{{{{v | {name}}}}}", value, Reader("de", "America/New_York"))


def test_a_path_is_told_without_its_filter() -> None:
    assert variables_of("{{context.a['x|y'] | date long}}") == (("context", "a", "x|y"),)


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{v | colour}}", "there is no filter “colour”, only date"),
        ("{{v | date tiny}}", "there is no style “tiny”; “date” knows short"),
        ("{{v | number long}}", "“number” takes none"),
        ("{{| date}}", "hold no path"),
        ("{{v | }}", "is not a path"),
    ],
)
def test_a_filter_that_does_not_exist_is_said_when_it_is_written(template: str, words: str) -> None:
    with pytest.raises(TemplateSyntax, match=words):
        variables_of(template)
