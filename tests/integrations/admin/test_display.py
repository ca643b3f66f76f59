"""How times, JSON and pairs look."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from integrations.admin.display import moment, pretty_json
from integrations.admin.pairs import RowsField, RowsWidget


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=42, seconds=5), "in 42 minutes"),
        (timedelta(hours=-1, minutes=-10), "1 hour ago"),
        (timedelta(days=89, minutes=5), "in 89 days"),
    ],
)
def test_a_moment_is_told_from_now_with_the_exact_time_on_hover(distance: timedelta, words: str) -> None:
    value = timezone.now() + distance
    shown = str(moment(value))
    assert f">{words}<" in shown
    assert f"{value:%Y}" in shown.split("title=")[1]


def test_what_never_happened_says_so() -> None:
    assert moment(None) == "never"


def test_json_is_indented_redacted_and_shown_as_text() -> None:
    shown = str(pretty_json({"summary": "<b>", "headers": {"Authorization": "Bearer abc"}}))
    assert "&lt;b&gt;" in shown
    assert "abc" not in shown


def test_pairs_leave_out_empty_rows_and_keep_the_order() -> None:
    data = QueryDict("scope_key=a&scope_value=1&scope_key=&scope_value=&scope_key=b&scope_value=2")
    rows = RowsWidget().value_from_datadict(data, None, "scope")
    assert rows == [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]
    assert RowsField(required=False).clean(rows) == rows


def test_pairs_are_shown_with_one_empty_row_more() -> None:
    html = RowsWidget().render("scope", [{"key": "<k>", "value": "v"}])
    assert html.count('name="scope_key"') == 2
    assert "&lt;k&gt;" in html
