from __future__ import annotations

import json
from typing import Any

from dialogs.engine import OperationResult, Reply, State
from tests.dialogs.engine.stand_ins import NOW, Chat, Provider, answered
from tests.dialogs.engine.tasks import ALL, arrow, create_issue, criterion, delete_issue, line, node, service, task


def jira() -> Provider:
    return Provider({
        "getAccessibleSite": answered(200, {"id": "cloud-1"}),
        "createIssue": answered(201, {"id": "1", "key": "DEMO-7"}),
        "getIssue": answered(200, {"key": "DEMO-7", "fields": {"summary": "Printer on fire"}}),
        "deleteIssue": answered(204, None),
    })  # fmt: skip


def test_an_issue_is_created_by_chatting() -> None:
    chat = Chat(create_issue(), provider=jira())
    assert chat.say("I want to create an issue") == ["Which project?"]
    assert chat.say("demo") == ["What is it about?"]
    assert chat.say("Printer on fire") == ["Which type?"]
    assert chat.turn.replies[0].quick_replies == (("Bug", "Bug"), ("Task", "Task"), ("Story", "Story"))
    assert chat.say("defect") == ["Created DEMO-7."]
    assert chat.turn.end_reason == "fulfilled"
    assert [request.operation for request in chat.provider.requests] == ["getAccessibleSite", "createIssue", "getIssue"]
    assert chat.provider.requests[1].body == {
        "fields": {"summary": "Printer on fire", "issuetype": {"name": "Bug"}, "project": {"key": "DEMO"}}
    }
    assert chat.state == State(turns=4, at=int(NOW.timestamp()))


def test_what_a_person_types_stays_data() -> None:
    chat = Chat(create_issue(), provider=jira())
    for words in ("create an issue", "demo", '{{context.session}}", "project": {"key": "X"}', "Bug"):
        chat.say(words)
    body = chat.provider.requests[1].body
    assert body["fields"]["summary"] == '{{context.session}}", "project": {"key": "X"}'
    assert body["fields"]["project"] == {"key": "DEMO"}


def test_a_container_is_left_where_an_inner_node_says_so() -> None:
    chat = Chat(create_issue(), provider=jira())
    chat.provider.answers["createIssue"] = answered(400, {"errors": {"project": "no such project"}})
    for words in ("create an issue", "demo", "x", "Bug"):
        chat.say(words)
    assert [request.operation for request in chat.provider.requests] == ["getAccessibleSite", "createIssue"]
    assert "createIssueMessage" in chat.steps


def test_nothing_is_deleted_without_a_yes() -> None:
    for answer, end, calls in (("of course not", "DEMO-7 stays.", 0), ("yes", "DEMO-7 is deleted.", 1)):
        chat = Chat(delete_issue(), provider=jira())
        chat.say("delete an issue")
        assert chat.say("demo-7") == ["Really delete DEMO-7?"]
        assert chat.say("hm, DEMO-7") == ["I did not understand that. Please answer yes or no. Really delete DEMO-7?"]
        assert chat.say(answer) == [end]
        assert len(chat.provider.requests) == calls


def test_error_prompts_come_in_order_and_retries_end() -> None:
    key: dict[str, Any] = {
        "pattern": "[A-Z]+",
        "prompts": ["Key?"],
        "error_prompts": ["First.", "Second."],
        "retries": 3,
    }
    chat = Chat(task("t", "T", ["go"], [node("theKey", "entity", **key)], line("t", "theKey")))
    chat.say("go")
    assert [chat.say("1")[0] for _ in range(3)] == ["First.", "Second.", "Second."]
    assert "“the key”" in chat.say("1")[0]
    assert chat.turn.end_reason == "failed"


def test_after_the_last_retry_it_can_go_on_elsewhere() -> None:
    key: dict[str, Any] = {"pattern": "[A-Z]+", "prompts": ["Key?"], "retries": 1, "on_retries_exceeded": "sorry"}
    nodes = [
        node("key", "entity", **key),
        node("done", "message", texts=["Done."]),
        node("sorry", "message", texts=["Sorry."]),
    ]
    chat = Chat(task("t", "T", ["go"], nodes, line("t", "key", "done")))
    chat.say("go")
    chat.say("1")
    assert chat.say("1") == ["Sorry."]


def test_a_near_miss_is_asked_about_and_a_yes_takes_it() -> None:
    chat = Chat(create_issue(), provider=jira())
    for words in ("create an issue", "demo", "x"):
        chat.say(words)
    assert chat.say("stroy") == ["Did you mean “Story”?"]
    assert chat.say("2") == ["That is none of those. Which type?"]
    assert chat.say("stroy") == ["Did you mean “Story”?"]
    assert chat.say("yes") == ["Created DEMO-7."]
    assert chat.provider.requests[1].body["fields"]["issuetype"] == {"name": "Story"}


def test_an_optional_value_is_asked_once_and_a_hidden_one_never() -> None:
    nodes = [
        node("due", "entity", type="date", requirement="optional", default="2026-12-01", prompts=["When?"]),
        node("label", "entity", requirement="hidden", default="{{context.entities.due}}"),
        node("end", "message", texts=["{{context.entities.due}} {{context.entities.label}}"]),
    ]
    document = task("t", "T", ["go"], nodes, line("t", "due", "label", "end"))
    for answer, replies in (
        ("skip", ["2026-12-01 2026-12-01"]),
        ("tomorrow", ["2026-11-24 2026-11-24"]),
        ("x", ["“x” is not a date I understand. I go on without “due”.", "2026-12-01 2026-12-01"]),
    ):
        chat = Chat(document)
        chat.say("go")
        assert chat.say(answer) == replies


def test_conditions_are_tried_in_order() -> None:
    nodes = [
        node("n", "entity", type="number", prompts=["?"]),
        *(node(x, "message", texts=[x]) for x in ("a", "b", "c")),
    ]
    arrows = [
        arrow("t", "n"),
        arrow("n", "a", criterion("entity", "n", "gt", 10)),
        arrow("n", "b", criterion("entity", "n", "gt", 5)),
        arrow("n", "c"),
    ]
    for answer, reply in (("11", "a"), ("6", "b"), ("1", "c")):
        chat = Chat(task("t", "T", ["go"], nodes, arrows))
        chat.say("go")
        assert chat.say(answer) == [reply]


def test_prompts_vary_and_a_repeated_run_says_the_same() -> None:
    nodes = [node("a", "entity", prompts=["1", "2", "3"]), node("b", "entity", prompts=["1", "2", "3"])]
    runs = []
    for _ in range(2):
        chat = Chat(task("t", "T", ["go"], nodes, line("t", "a", "b")))
        runs.append([chat.say("go"), chat.say("x"), chat.say("y"), chat.say("go"), chat.say("x")])
    assert runs[0] == runs[1]
    assert len({reply for replies in runs[0] for reply in replies}) > 1


def test_scripts_and_logic_change_the_context() -> None:
    nodes = [
        node("s", "script", code="context.payload = {n: context.entities.n * 2, last: context.history[0].nodeId}"),
        node("l", "logic", assignments=[{"key": "context.BotUserSession.last", "value": "{{context.payload.n}}"}]),
        node("m", "message", script="print('twice ' + context.payload.n); print(context.payload.last)"),
    ]
    document = task(
        "t", "T", ["go"], [node("n", "entity", type="number", prompts=["?"]), *nodes], line("t", "n", "s", "l", "m")
    )
    chat = Chat(document)
    chat.say("go")
    assert chat.say("21") == ["twice 42\nt"]
    assert chat.steps["s"]["changes"] == {"payload": {"n": 42, "last": "t"}}
    assert chat.steps["l"]["changes"] == {"session.BotUserSession.last": 42}
    # Of the context only the session outlives its task.
    assert chat.state.context == {"session": {"BotUserSession": {"last": 42}}}


def test_a_service_result_can_be_branched_on_by_status_and_outcome() -> None:
    nodes = [
        service("get", "getIssue", on_failure="m"),
        node("m", "message", script="print(JSON.stringify(context.get.response))"),
    ]
    document = task("t", "T", ["go"], nodes, line("t", "get", "m"))
    chat = Chat(document, provider=Provider({"getIssue": answered(429, {"e": 1}, headers={"Retry-After": "7"})}))
    assert json.loads(chat.say("go")[0]) == {
        "statusCode": 429, "body": {"e": 1}, "outcome": "answered", "message": "", "retryAfter": "7",
    }  # fmt: skip
    chat = Chat(document, provider=Provider({"getIssue": OperationResult("unreachable", message="Jira is down.")}))
    assert json.loads(chat.say("go")[0])["outcome"] == "unreachable"


def test_a_reply_says_itself_in_json() -> None:
    reply = Reply("Which?", (("Yes", "yes"),), {"a": 1})
    assert reply.to_json() == {"text": "Which?", "quick_replies": [{"title": "Yes", "value": "yes"}], "data": {"a": 1}}


def test_all_tasks_live_in_one_bot() -> None:
    chat = Chat(*(document() for document in ALL), provider=jira())
    assert chat.say("get all issues") == ["Here they are."]
    assert chat.say("show an issue") == ["Which one?"]
