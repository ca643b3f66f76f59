from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dialogs.nodes.values.base import Circumstances, Found, Reading, Several, Unfit
from tests.dialogs.engine.stand_ins import SCRIPTS
from tests.dialogs.nodes.test_values import entity

MEGABYTE = 1024 * 1024
PICTURE = {"name": "a.png", "content_type": "image/png", "size": 1000, "url": "https://files.example/a.png"}


def sent(*files: dict[str, Any], text: str = "here", **rules: Any) -> Reading:
    around = Circumstances(datetime(2026, 11, 23, tzinfo=UTC), SCRIPTS, files=files)
    return entity(type="attachment", **rules).reader.read(text, around)


def test_a_file_is_kept_as_a_reference() -> None:
    assert sent({**PICTURE, "token": "not kept"}) == Found(PICTURE)


def test_without_a_file_the_person_learns_what_is_missing() -> None:
    reading = sent()
    assert isinstance(reading, Unfit)
    assert "No file came" in reading.reason


def test_of_several_files_one_is_asked_for_by_name() -> None:
    other = {**PICTURE, "name": "b.png"}
    assert sent(PICTURE, other) == Several((("a.png", "a.png"), ("b.png", "b.png")))
    assert sent(PICTURE, other, text="b.png") == Found(other)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"size": 25 * MEGABYTE + 1}, "25 MB is the most"),
        ({"size": 0}, "did not arrive whole"),
        ({"url": None}, "did not arrive whole"),
        ({"size": "1000"}, "did not arrive whole"),
        ({"content_type": "application/x-sh", "name": "a.sh"}, "not of a kind"),
    ],
)
def test_a_file_that_will_not_do_is_refused_in_words(changed: dict[str, Any], words: str) -> None:
    reading = sent({**PICTURE, **changed}, file_types=["image/*", ".csv"])
    assert isinstance(reading, Unfit)
    assert words in reading.reason


def test_a_kind_may_be_given_by_the_end_of_the_name() -> None:
    table = {**PICTURE, "name": "Data.CSV", "content_type": "application/octet-stream"}
    assert isinstance(sent(table, file_types=[".csv"]), Found)
