from __future__ import annotations

import pytest

from dialogs.engine import OperationResult, State, resume, take_turn
from tests.dialogs.engine.stand_ins import NOW, Chat, answered
from tests.dialogs.engine.tasks import arrow, create_issue, get_issue, line, node, service, task


def calling() -> Chat:
    nodes = [service("findIt", "getIssue"), node("m", "message", texts=["Found."])]
    return Chat(task("t", "T", ["go"], nodes, line("t", "findIt", "m")))


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("unreachable", "could not be reached, so nothing was changed"),
        ("timed_out", "did not answer in time"),
        ("unknown", "it is not known whether it was done"),
        ("refused", "was not carried out"),
    ],
)
def test_a_call_without_an_answer_ends_the_task_and_says_what_is_known(outcome: str, words: str) -> None:
    chat = calling()
    chat.provider.answers["getIssue"] = OperationResult(outcome)  # type: ignore[arg-type]
    replies = chat.say("go")
    assert words in replies[0]
    assert "“find it”" in replies[0]
    assert chat.turn.end_reason == "failed"
    assert "findIt" in chat.steps["findIt"]["error"]
    assert chat.state.task == ""


def test_the_callers_own_words_come_first() -> None:
    chat = calling()
    chat.provider.answers["getIssue"] = OperationResult("refused", message="The action JIRA is disabled.")
    assert chat.say("go") == ["The action JIRA is disabled."]


def test_there_is_nothing_to_resume_where_nothing_waits() -> None:
    chat = Chat(get_issue())
    chat.say("get an issue")
    assert resume(chat.bot, chat.state, chat.ports).state == chat.state


@pytest.mark.parametrize("word", ["cancel", "Stop!", "quit", "exit", "start over", "please cancel"])
def test_discard_words_end_the_task(word: str) -> None:
    chat = Chat(get_issue())
    chat.say("get an issue")
    assert chat.say(word) == [
        "I stopped “Get an Issue by Key” here. What was done before stays done; nothing more was."
    ]
    assert chat.turn.end_reason == "canceled"
    assert "nothing under way" in chat.say(word)[0]


def test_a_message_that_is_too_long_is_refused_and_loses_nothing() -> None:
    chat = Chat(get_issue())
    chat.say("get an issue")
    before = chat.state
    turn = take_turn(chat.bot, before, "x" * 5_000_000, chat.ports)
    assert "5,000,000 characters" in turn.replies[0].text
    assert turn.state is before
    assert take_turn(chat.bot, before, " \n ", chat.ports).state is before
    assert chat.say("DEMO-1") == ["Here is DEMO-1."]


def test_a_circle_is_stopped_after_25_steps() -> None:
    nodes = [node("a", "logic", assignments=[{"key": "x", "value": 1}]), node("b", "message", texts=["again"])]
    chat = Chat(task("t", "T", ["go"], nodes, [*line("t", "a", "b"), arrow("b", "a")]))
    replies = chat.say("go")
    assert "25 steps without an end" in replies[-1]
    assert len(replies) == 13
    assert chat.turn.end_reason == "failed"


def test_a_failing_script_names_its_node_to_developers() -> None:
    chat = Chat(task("t", "T", ["go"], [node("broken", "script", code="\nnope()")], line("t", "broken")))
    assert "A script of this dialog did not work" in chat.say("go")[0]
    assert chat.steps["broken"]["error"] == (
        "The script of broken failed: ReferenceError: nope is not defined (line 2)."
    )


def test_a_context_beyond_its_limit_is_refused_with_the_node_named() -> None:
    chat = calling()
    chat.provider.answers["getIssue"] = answered(200, {"x": "y" * 1_100_000})
    assert "“find it” gave me more data than I can work with" in chat.say("go")[0]
    assert chat.steps["findIt"]["error"] == "The context would exceed 1024 KB at findIt."


def test_a_value_that_is_nested_too_deeply_is_refused_alike() -> None:
    deep: object = 1
    for _ in range(400):
        deep = [deep]
    chat = calling()
    chat.provider.answers["getIssue"] = answered(200, {"x": deep}, trace={"response": {"status": 200}})
    chat.say("go")
    assert chat.turn.end_reason == "failed"
    code = "let x = context.x = {}; for (let i = 0; i < 700; i++) x = x.y = {}"
    chat = Chat(task("t", "T", ["go"], [node("dig", "script", code=code)], line("t", "dig")))
    chat.say("go")
    assert chat.turn.end_reason == "failed"


def test_many_small_values_reach_the_limit_too() -> None:
    code = "context.n = (context.n || 0) + 1; context['k' + context.n] = 'x'.repeat(300000)"
    chat = Chat(
        task("t", "T", ["go"], [node("grow", "script", code=code)], [arrow("t", "grow"), arrow("grow", "grow")])
    )
    chat.say("go")
    assert len(chat.turn.trace["steps"]) == 5
    assert chat.turn.trace["steps"][-1]["error"] == "The context would exceed 1024 KB at grow."


def test_a_message_script_without_a_branch_says_so() -> None:
    chat = Chat(task("t", "T", ["go"], [node("m", "message", script="if (false) print(1)")], line("t", "m")))
    assert "there are no words for its result (message “m”)" in chat.say("go")[0]


def test_a_version_that_is_gone_ends_politely() -> None:
    chat = Chat(get_issue())
    chat.say("get an issue")
    chat.stored["task"] = "getIssuebyKey/0"
    assert "no longer available" in chat.say("DEMO-1")[0]
    assert chat.state == State(turns=2, at=int(NOW.timestamp()))


def test_a_conversation_stays_with_the_version_it_began_with() -> None:
    chat = Chat(get_issue())
    chat.say("get an issue")
    old = chat.bot.graphs["getIssuebyKey/1"]
    chat.bot = Chat(create_issue()).bot.pinned("getIssuebyKey/1", old)
    assert chat.say("DEMO-1") == ["Here is DEMO-1."]
    assert "did not understand" in chat.say("get an epic by its key")[0]
