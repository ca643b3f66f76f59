from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dialogs.admin.test_form import filled, shown, turns_of
from dialogs.models import DialogTest
from tests.dialogs.factories import task
from tests.dialogs.samples import greeting
from tests.factories import AppFactory, staff
from xoplatform.models import Role

if TYPE_CHECKING:
    from django.test import Client

    from xoplatform.models import App

TURNS: list[dict[str, Any]] = [
    {
        "say": "say hello",
        "at": "2026-11-25T10:00:00+00:00",
        "expect": {
            "replies": [{"match": "equals", "text": "What is your name?"}],
            "waits": "person",
            "values": {"entities.x": "a", "entities.n": 7, "entities.t": "7"},
        },
        "calls": [{"node": "n", "operation": "o", "result": {"outcome": "answered", "body": {"a": [1]}}}],
        "standings": {"jira": {"outcome": "refused"}},
    },
    {"say": None, "expect": {"values": {}}, "calls": []},
]


@pytest.fixture
def row(app: App) -> DialogTest:
    created: DialogTest = DialogTest.objects.create(
        app=app, task=task(app, greeting()), name="greets", turns=[{"say": "say hello", "expect": {"waits": "person"}}]
    )
    return created


def url(app: App, row: DialogTest, name: str = "app_test") -> str:
    return reverse(f"admin:{name}", args=[app.slug, row.pk])


def sent(turns: list[dict[str, Any]]) -> dict[str, str]:
    """What a browser sends for a form that nobody touched."""
    data = {"turns": str(len(turns))}
    for form in shown(turns):
        name = f"t{form.number}-"
        data |= {f"{name}say": form.say, f"{name}values": form.values, f"{name}calls": form.calls}
        data |= {f"{name}waits-mode": form.waits_mode, f"{name}waits": form.waits}
        data |= {f"{name}itself": "1"} if form.by_itself else {}
        data |= {f"{name}any": "1"} if form.any_replies else {}
        for index, reply in enumerate(form.rows):
            data |= {f"{name}r{index}-match": reply["match"], f"{name}r{index}-text": reply["text"]}
    return data


def test_a_form_that_nobody_touched_means_the_same_turns() -> None:
    assert turns_of(filled(sent(TURNS)), TURNS) == TURNS


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"t0-values": "no equals sign"}, "is no value to check"),
        ({"t0-calls": "{"}, "are not JSON"),
        ({"t0-calls": "{}"}, "must be a list"),
        ({"t0-calls": "[{}]"}, "cannot be read"),
        ({"t0-waits": ""}, "Name the node"),
    ],
)
def test_what_is_wrong_is_told_with_its_turn_and_nothing_is_lost(change: dict[str, str], words: str) -> None:
    forms = filled(sent(TURNS) | change)
    assert turns_of(forms, TURNS) is None
    assert words in forms[0].errors[0]
    assert forms[0].say == "say hello"


def test_a_turn_that_is_marked_is_left_out() -> None:
    forms = filled(sent(TURNS) | {"t0-delete": "1"})
    assert turns_of(forms, TURNS) == TURNS[1:]


def test_the_list_says_how_each_went(row: DialogTest, app: App, signed_in: Client) -> None:
    page = reverse("admin:app_tests", args=[app.slug])
    assert "Never run" in signed_in.get(page).content.decode()
    assert "All 1 tests passed" in signed_in.post(page, follow=True).content.decode()
    assert "Passed" in signed_in.get(page).content.decode()


def test_an_empty_list_says_how_a_test_is_made(app: App, signed_in: Client) -> None:
    assert "Record as test" in signed_in.get(reverse("admin:app_tests", args=[app.slug])).content.decode()


def test_the_list_makes_the_same_number_of_queries_for_one_test_and_for_many(
    row: DialogTest, app: App, signed_in: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    page = reverse("admin:app_tests", args=[app.slug])
    signed_in.get(page)
    with django_assert_max_num_queries(40) as few:
        signed_in.get(page)
    for number in range(4):
        DialogTest.objects.create(app=app, task=row.task, name=str(number), turns=[])
    with django_assert_num_queries(len(few.captured_queries)):
        signed_in.get(page)


def test_it_is_edited_and_run_in_one_go(row: DialogTest, app: App, signed_in: Client) -> None:
    form = sent(row.turns) | {"t0-any": "", "t0-r0-match": "equals", "t0-r0-text": "Who?", "press": "run"}
    body = signed_in.post(url(app, row), {**form, "name": "greets people"}, follow=True).content.decode()
    row.refresh_from_db()
    assert (row.name, row.status) == ("greets people", "failed")
    assert "expected “Who?”, got “What is your name?”" in body
    assert 'data-passed="no"' in body


def test_a_form_that_is_wrong_comes_back_with_what_was_typed(row: DialogTest, app: App, signed_in: Client) -> None:
    body = signed_in.post(url(app, row), sent(row.turns) | {"t0-calls": "[half", "press": "save"}).content.decode()
    assert "[half" in body
    assert "are not JSON" in body
    row.refresh_from_db()
    assert row.turns[0].get("calls") is None


def test_a_turn_can_be_added(row: DialogTest, app: App, signed_in: Client) -> None:
    signed_in.post(url(app, row), sent(row.turns) | {"press": "add"})
    row.refresh_from_db()
    assert [turn["say"] for turn in row.turns] == ["say hello", ""]


def test_a_name_is_taken_once(row: DialogTest, app: App, signed_in: Client) -> None:
    DialogTest.objects.create(app=app, name="taken", turns=[])
    body = signed_in.post(url(app, row), sent(row.turns) | {"name": "taken"}).content.decode()
    assert "already has a test named taken" in body


def test_deleting_asks_first(row: DialogTest, app: App, signed_in: Client) -> None:
    page = url(app, row, "app_test_delete")
    assert "for good" in signed_in.get(page).content.decode()
    signed_in.post(page)
    assert not DialogTest.objects.exists()


def test_a_viewer_reads_and_a_stranger_finds_nothing(row: DialogTest, app: App, client: Client) -> None:
    client.force_login(staff(app, Role.VIEWER))
    assert client.get(url(app, row)).status_code == 200
    assert client.post(url(app, row), sent(row.turns)).status_code == 403
    assert client.post(reverse("admin:app_tests", args=[app.slug])).status_code == 403
    assert client.get(url(app, row, "app_test_delete")).status_code == 403
    other = AppFactory.create()
    client.force_login(staff(other))
    assert client.get(url(other, row)).status_code == 404
