from __future__ import annotations

import json

from dialogs.engine import OperationResult
from tests.dialogs.engine.stand_ins import Chat, Provider, answered
from tests.dialogs.engine.tasks import create_issue, line, node, service, task


def test_a_step_tells_node_kind_times_status_and_changes() -> None:
    chat = Chat(create_issue())
    chat.say("create an issue")
    chat.say("demo")
    answered_step, asking = chat.turn.trace["steps"]
    assert answered_step["changes"] == {"entities.projectKey": "DEMO"}
    assert (answered_step["node"], answered_step["kind"], answered_step["status"]) == ("projectKey", "entity", "done")
    assert asking["status"] == "waiting"
    assert answered_step["duration_ms"] > 0
    assert chat.turn.trace["duration_ms"] >= asking["started_ms"]


def test_a_call_shows_request_and_response_as_the_caller_redacted_them() -> None:
    body = {"big": "x" * 9000}
    told = {"request": {"url": "/issue"}, "response": {"status": 200, "body": body}}
    result = OperationResult("answered", 200, body, trace=told)
    chat = Chat(
        task("t", "T", ["go"], [service("s", "getIssue")], line("t", "s")), provider=Provider({"getIssue": result})
    )
    chat.say("go")
    assert chat.steps["s"]["request"] == {"url": "/issue"}
    assert chat.steps["s"]["response"]["outcome"] == "answered"
    assert len(chat.steps["s"]["response"]["body"]) < 2100
    assert chat.steps["s"]["changes"] == {"s.response": {"statusCode": 200, "outcome": "answered"}}


def test_no_secret_survives_in_it() -> None:
    nodes = [
        node("pin", "entity", prompts=["PIN?"], sensitive=True),
        node("s", "script", code="context.api_token = 's3cret'; console.log('password=s3cret')"),
        service("call", "getIssue", parameters={"client_secret": "s3cret"}),
    ]
    provider = Provider({"getIssue": answered(200, {"access_token": "s3cret"})})
    chat = Chat(task("t", "T", ["go"], nodes, line("t", "pin", "s", "call")), provider=provider)
    chat.say("go")
    chat.say("s3cret")
    assert chat.turn.sensitive
    assert "s3cret" not in json.dumps(chat.turn.trace)


def test_logs_of_scripts_are_kept_and_capped() -> None:
    code = "for (let i = 0; i < 500; i++) console.log('line', i)"
    chat = Chat(task("t", "T", ["go"], [node("s", "script", code=code)], line("t", "s")))
    chat.say("go")
    assert chat.steps["s"]["logs"][0] == "line 0"
    assert len(chat.steps["s"]["logs"]) == 20


def test_it_and_the_state_are_small() -> None:
    chat = Chat(create_issue())
    for words in ("create an issue", "demo", "Printer on fire"):
        chat.say(words)
        assert len(json.dumps(chat.turn.trace)) < 700
        assert len(json.dumps(chat.stored)) < 600
