"""What outlives the process, and what a reset forgets."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING

from integrations.sandbox.atlassian.app import create_app
from integrations.sandbox.atlassian.state.world import DefaultClient
from tests.integrations.sandbox.visitor import Visitor, document

if TYPE_CHECKING:
    from pathlib import Path


def reopened(path: Path, default_client: DefaultClient | None = None) -> Visitor:
    app = create_app(str(path), default_client)
    app.testing = True
    return Visitor(app)


def test_grants_and_issues_outlive_the_process(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.sqlite3"
    before = reopened(file)
    token = before.tokens()
    before.access_token = token["access_token"]
    key = before.create("Keep me").get_json()["key"]
    before.jira("POST", f"issue/{key}/comment", json={"body": document("kept")})
    before.jira("DELETE", "issue/DEMO-1")
    before.world.store.close()
    after = reopened(file)
    after.access_token = token["access_token"]
    assert after.keys("summary ~ keep") == [key]
    assert after.jira("GET", f"issue/{key}/comment").get_json()["total"] == 1
    assert after.jira("GET", "issue/DEMO-1").status_code == 404
    assert after.refresh(token["refresh_token"]).status_code == 200
    assert after.create().get_json()["key"] == "DEMO-5"


def test_the_state_file_holds_no_token(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.sqlite3"
    visitor = reopened(file)
    token = visitor.tokens()
    visitor.world.store.close()
    assert token["refresh_token"].encode() not in file.read_bytes()
    assert token["access_token"].encode() not in file.read_bytes()


def test_the_configured_callback_wins_over_the_stored_one(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.sqlite3"
    reopened(file).world.store.close()
    moved = reopened(file, DefaultClient(callback_url="http://127.0.0.1:9/callback/"))
    assert "Callback URL mismatch" in moved.page().text
    assert moved.page(redirect_uri="http://127.0.0.1:9/callback/").status_code == 200


def test_a_reset_begins_again(visitor: Visitor) -> None:
    visitor.become().create()
    visitor.control("clock", advance=60)
    visitor.control("switches", profile="strict", index_lag_seconds=5)
    visitor.fault("error", "*", times=None)
    visitor.control("clients", callback_url="http://127.0.0.1:9/")
    visitor.control("reset")
    assert len(visitor.world.issues) == 6
    assert not visitor.world.grants.all()
    assert visitor.world.clock.offset == 0
    assert visitor.http.get("/_sandbox/switches").get_json()["profile"] == "leeway"
    assert visitor.http.get("/_sandbox/faults").get_json() == []
    assert visitor.page().status_code == 200


def test_people_and_sites_can_be_added(visitor: Visitor) -> None:
    visitor.control("people", key="zoe", name="Zoe Zimmer", email="zoe@example.com")
    site = visitor.control("sites", name="hooli", members=["zoe"])
    visitor.control("projects", site="hooli", key="HOO", name="Hooli")
    visitor.become("zoe", ["hooli"]).cloud_id = site["cloud_id"]
    assert visitor.create(project={"key": "HOO"}).get_json()["key"] == "HOO-1"


def test_the_control_api_takes_json_only(visitor: Visitor) -> None:
    assert visitor.http.post("/_sandbox/clock", data={"advance": 5}).status_code == 415


def test_simultaneous_refreshes_are_answered_one_after_the_other(visitor: Visitor) -> None:
    visitor.control("switches", profile="strict")
    token = visitor.tokens()["refresh_token"]
    answers: list[int] = []

    def refresh() -> None:
        answers.append(Visitor(visitor.app).refresh(token).status_code)

    threads = [Thread(target=refresh) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 403, 403, 403]
