"""What Home and Overview say about dialogs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialogs.admin.attention import (
    conversations_today,
    dialogs_with_problems,
    failing_tests,
    from_templates_to_people,
)
from dialogs.flows.publish import publish
from dialogs.models import DialogTest, Node
from tests.dialogs.factories import ConversationFactory, TurnFactory, task
from tests.dialogs.samples import greeting
from tests.factories import AppFactory
from xoplatform.models import App

if TYPE_CHECKING:
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


def steps_done(app: App) -> list[bool]:
    return [step.done for step in from_templates_to_people(app)]


def test_each_step_of_the_set_up_is_done_when_it_is_done() -> None:
    app = AppFactory()
    assert steps_done(app) == [False, False, False]
    dialog = task(app, greeting())
    assert steps_done(app) == [True, False, False]
    ConversationFactory(end_user__app=app)
    publish(dialog)
    assert steps_done(app) == [True, True, True]


def test_a_draft_that_cannot_be_published_needs_attention_until_it_is_mended() -> None:
    dialog = task(AppFactory(), greeting())
    assert list(dialogs_with_problems(App.objects.all())) == []
    Node.objects.create(task=dialog, name="lonely", kind="message", properties={"texts": ["Nobody gets here."]})
    dialog.revision += 1
    dialog.save()
    (found,) = dialogs_with_problems(App.objects.all())
    assert found.title == f"{dialog.title} has 1 problem"


def test_a_known_draft_is_not_looked_through_again(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    task(AppFactory(), greeting())
    list(dialogs_with_problems(App.objects.all()))
    with django_assert_num_queries(1):
        list(dialogs_with_problems(App.objects.all()))


def test_conversations_of_other_apps_are_not_counted() -> None:
    mine = AppFactory()
    TurnFactory(conversation__end_user__app=mine)
    TurnFactory()
    (found,) = conversations_today(App.objects.filter(pk=mine.pk))
    assert found.value == 1


def test_failing_tests_are_told_once_for_each_app(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    app = AppFactory()
    for number, status in enumerate(["failed", "failed", "passed", "never"]):
        DialogTest.objects.create(app=app, name=str(number), status=status, turns=[])
    DialogTest.objects.create(app=AppFactory(), name="other", status="passed", turns=[])
    with django_assert_num_queries(1):
        (found,) = failing_tests(App.objects.all())
    assert (found.app, found.title) == (app, "2 tests failed")
