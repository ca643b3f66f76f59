"""Hypothesis looks for a text that a reader of any type raises on, or reads as a value that JSON cannot hold."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.nodes.person import Person
from dialogs.nodes.values import TYPES
from dialogs.nodes.values.base import Circumstances, Found, Part, Several, Unfit
from tests.dialogs.engine.stand_ins import SCRIPTS
from tests.dialogs.nodes.test_values import entity

RELAXED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
RULES: dict[str, dict[str, Any]] = {
    "list": {"choices": ["Bug", "2", "next week"]},
    "pattern": {"pattern": "[A-Z]+-[0-9]+"},
}
PIECES = [
    "tomorrow", "next", "friday", "in", "2", "hours", "05", "/", "-", ".", ":", ",", "%", "€", "$", "EUR", "kg", "pm",
    "@", "example.com", "https://", "+49", "30", "901820", "and", "to", "from", "for", "week", "Germany", "UTC", "#",
    "fff", "rgb(", "not", "Bug", "one", "hundred", "DEMO-1", "2026", "99999999999999999999", "\u2019",
    "١٢", "²", "½", "\u202f", "\n",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join) | st.lists(st.sampled_from(PIECES)).map("".join)
ANY = st.text(st.characters(exclude_categories=()), max_size=60) | TEXTS
PEOPLE = st.builds(
    Person,
    locale=st.sampled_from(
        ["", "de-DE", "en-US", "fr", "ar-EG", "hi", "fa_IR", "zh-Hant-TW", "ja", "pt-BR", "xx", "sr-Latn"]
    ),
    time_zone=st.sampled_from(["", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", "Nowhere"]),
)
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9990, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- bounds have no zone


@pytest.mark.parametrize("name", list(TYPES))
def test_no_text_breaks_a_type(name: str) -> None:
    reader = entity(type=name, **RULES.get(name, {})).reader

    @RELAXED
    @given(ANY, PEOPLE, st.just(datetime(2026, 11, 23, 9, 30, tzinfo=UTC)) | MOMENTS)
    def holds(text: str, person: Person, now: datetime) -> None:
        around = Circumstances(now, SCRIPTS, person)
        for span in reader.spots(text, around):
            assert 0 <= span.start < span.end <= len(text)
        for reading in (reader.read(text, around), reader.complete("2026-11-24", text, around)):
            assert isinstance(reading, Found | Several | Unfit | Part)
            if isinstance(reading, Found):
                json.dumps(reading.value, allow_nan=False)
                assert isinstance(reader.said(reading.value, person), str)

    holds()


@pytest.mark.parametrize("name", list(TYPES))
@pytest.mark.parametrize(
    "text", ["9" * 10_000, "a@" * 5_000, "1 " * 5_000, "next " * 2_000, "(" * 10_000, "a, " * 3_333]
)
def test_a_long_text_is_read_like_a_short_one(name: str, text: str) -> None:
    around = Circumstances(datetime(2026, 11, 23, 9, 30, tzinfo=UTC), SCRIPTS)
    reader = entity(type=name, **RULES.get(name, {})).reader
    assert isinstance(reader.read(text, around), Found | Several | Unfit | Part)
    assert isinstance(list(reader.spots(text, around)), list)
