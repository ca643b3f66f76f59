"""Several tasks in one conversation, over the database: what is fetched, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from dialogs.engine import scopes
from dialogs.errors import BadSettings, DialogHasProblems
from dialogs.flows import author, shared_values
from dialogs.flows.conversation_settings import keep_settings, settings_of
from dialogs.flows.converse import post_message
from dialogs.flows.publish import publish
from dialogs.flows.shared_values import SharedScopes
from dialogs.models import Conversation, DialogTask, SharedValue
from tests.dialogs.factories import task
from tests.dialogs.samples import arrow, document, greeting, node
from tests.factories import AppFactory, EndUserFactory

if TYPE_CHECKING:
    from dialogs.flows.perform import Answer
    from xoplatform.models import App, EndUser


def texts(answer: Answer) -> list[str]:
    return [reply["text"] for reply in answer.replies]


def counting(name: str = "count") -> dict[str, Any]:
    nodes = [
        node(f"{name}Intent", "intent", utterances=["count sheep"]),
        node("sheep", "entity", type="number", prompts=["How many sheep?"]),
        node("counted", "message", texts=["{{context.entities.sheep}} sheep."]),
    ]
    return document(name, nodes, [arrow(f"{name}Intent", "sheep"), arrow("sheep", "counted"), arrow("counted", "@end")])


def outer(inner: str = "greet") -> dict[str, Any]:
    nodes = [
        node("outerIntent", "intent", utterances=["begin the tour"]),
        node("sub", "dialog", task=inner),
        node("done", "message", texts=["That was the tour."]),
    ]
    return document("outer", nodes, [arrow("outerIntent", "sub"), arrow("sub", "done"), arrow("done", "@end")])


@pytest.fixture
def tour(app: App) -> DialogTask:
    publish(task(app, greeting()))
    publish(task(app, counting()))
    row = task(app, outer())
    publish(row)
    return row


@pytest.mark.usefixtures("tour")
def test_a_sub_dialog_runs_as_it_was_published(app: App, person: EndUser) -> None:
    first = post_message(app, person, "begin the tour")
    assert texts(first) == ["What is your name?"]
    assert texts(post_message(app, person, "Ada", conversation=first.conversation)) == [
        "Nice to meet you, Ada.",
        "That was the tour.",
    ]


def test_in_a_draft_it_runs_as_it_is_now_even_when_one_task_alone_is_tried(
    app: App, person: EndUser, tour: DialogTask
) -> None:
    author.replace_draft(DialogTask.objects.get(app=app, name="greet"), greeting(words="Welcome"))
    first = post_message(app, person, "begin the tour", draft=True, focus=tour)
    assert texts(post_message(app, person, "Ada", conversation=first.conversation))[0] == "Welcome, Ada."


@pytest.mark.usefixtures("tour")
def test_another_apps_task_of_that_name_is_none_of_this_ones(app: App, person: EndUser) -> None:
    other = AppFactory.create()
    publish(task(other, counting("elsewhere")))
    first = post_message(app, person, "begin the tour")
    assert Conversation.objects.get(public_id=first.conversation).state["frames"][0]["path"] == ["sub"]
    publish_row = task(app, outer("elsewhere") | {"name": "lost"})
    with pytest.raises(DialogHasProblems, match="which this App does not have"):
        publish(publish_row)


@pytest.mark.usefixtures("tour")
def test_only_a_turn_with_a_wish_asks_for_the_tasks_and_settings(
    app: App, person: EndUser, django_assert_num_queries: Any
) -> None:
    first = post_message(app, person, "count sheep")
    post_message(app, person, "hm", conversation=first.conversation)
    with django_assert_num_queries(7) as made:
        answer = post_message(app, person, "say hello", conversation=first.conversation)
    assert texts(answer)[-1] == "What is your name?"
    tables = ["dialogtask" in query["sql"] or "conversationsettings" in query["sql"] for query in made]
    assert sum(tables) == 2
    with django_assert_num_queries(6):
        assert texts(post_message(app, person, "Ada", conversation=first.conversation))[-1] == "How many sheep?"
    with django_assert_num_queries(5):
        assert texts(post_message(app, person, "7", conversation=first.conversation)) == ["7 sheep."]


@pytest.mark.usefixtures("tour")
def test_the_apps_settings_hold_from_the_next_message_on(app: App, person: EndUser) -> None:
    first = post_message(app, person, "count sheep")
    keep_settings(app.pk, {"interruptions": "queue", "resume": "notify"})
    assert settings_of(app.pk) == {"interruptions": "queue"}
    answer = post_message(app, person, "say hello", conversation=first.conversation)
    assert texts(answer) == ["“Greet” comes afterwards.", "How many sheep?"]


@pytest.mark.parametrize("given", [{"interruptions": "maybe"}, {"most_held": 9}, {"colour": "red"}, {"amend": "yes"}])
def test_a_setting_that_makes_no_sense_is_refused(app: App, given: dict[str, Any]) -> None:
    with pytest.raises(BadSettings, match=next(iter(given))):
        keep_settings(app.pk, given)
    assert settings_of(app.pk) == {}


def test_a_dialogs_own_settings_are_a_part_of_its_document(app: App) -> None:
    row = task(app, greeting() | {"settings": {"interruptions": "forbid"}})
    assert author.draft_document(row)["settings"] == {"interruptions": "forbid"}
    author.replace_draft(row, greeting())
    assert "settings" not in author.draft_document(row)
    bad = task(app, greeting("other") | {"settings": {"timeout_minutes": 10}})
    with pytest.raises(DialogHasProblems, match="timeout_minutes"):
        publish(bad)


def test_a_sub_dialog_must_be_published_first_unless_each_starts_the_other(app: App) -> None:
    inner = task(app, greeting())
    row = task(app, outer())
    with pytest.raises(DialogHasProblems, match="never published"):
        publish(row)
    publish(inner)
    publish(row)
    first, second = task(app, outer("pong") | {"name": "ping"}), task(app, outer("ping") | {"name": "pong"})
    publish(first)
    publish(second)


def remembering() -> dict[str, Any]:
    nodes = [
        node("memoIntent", "intent", utterances=["make a memo"]),
        node("note", "entity", type="string", prompts=["{{context.UserSession.last}}, {{context.BotContext.last}}?"]),
        node("keep", "script", code="UserSession.put('last', context.entities.note); BotContext.put('last', 'all', 5)"),
    ]
    return document("memo", nodes, [arrow("memoIntent", "note"), arrow("note", "keep"), arrow("keep", "@end")])


def test_values_of_a_person_and_of_an_app_outlive_a_conversation_and_reach_nobody_else(
    app: App, person: EndUser, django_assert_num_queries: Any
) -> None:
    other_app = AppFactory.create()
    for one in (app, other_app):
        publish(task(one, remembering()))
    first = post_message(app, person, "make a memo")
    assert texts(first) == [", ?"]
    with django_assert_num_queries(7):  # one read and one write more than any turn
        post_message(app, person, "milk", conversation=first.conversation)
    assert texts(post_message(app, person, "make a memo")) == ["milk, all?"]
    assert texts(post_message(app, EndUserFactory.create(app=app), "make a memo")) == [", all?"]
    assert texts(post_message(other_app, EndUserFactory.create(app=other_app), "make a memo")) == [", ?"]


def test_a_value_whose_time_is_over_is_gone(app: App, person: EndUser) -> None:
    publish(task(app, remembering()))
    first = post_message(app, person, "make a memo")
    post_message(app, person, "milk", conversation=first.conversation)
    SharedValue.objects.filter(owner=f"app/{app.pk}").update(expires_at=timezone.now())
    assert texts(post_message(app, person, "make a memo")) == ["milk, ?"]
    assert shared_values.drop_expired() == 1


def test_values_of_a_person_go_with_the_person(app: App, person: EndUser) -> None:
    SharedScopes(app.pk, person.pk).keep([scopes.SharedValue("UserSession", "a", 1)])
    SharedScopes(app.pk, person.pk).keep([scopes.SharedValue("UserSession", "a", 2, 1e300)])
    assert SharedScopes(app.pk, person.pk).read(["UserSession"]) == {"UserSession": {"a": 2}}
    SharedScopes(app.pk, person.pk).keep([scopes.SharedValue("UserSession", "a", None)])
    assert SharedScopes(app.pk, person.pk).read(["UserSession", "BotContext"]) == {"UserSession": {}, "BotContext": {}}
    person.delete()
    assert not SharedValue.objects.exists()
