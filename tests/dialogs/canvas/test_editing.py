from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dialogs.flows import author
from dialogs.flows.publish import publish
from dialogs.models import Presence
from tests.dialogs.factories import task
from tests.dialogs.samples import creating, document, greeting, node
from tests.factories import AppFactory, staff
from xoplatform.models import Role

if TYPE_CHECKING:
    from dialogs.models import DialogTask
    from xoplatform.models import App

TAB, OTHER = str(uuid.uuid4()), str(uuid.uuid4())


@pytest.fixture
def creates(app: App) -> DialogTask:
    return task(app, creating())


def url(name: str, row: DialogTask) -> str:
    return reverse(f"admin:app_canvas_{name}", args=[row.app.slug, row.pk])


def post(browser: Client, row: DialogTask, *ops: dict[str, Any], **body: Any) -> Any:
    sent = {"base": 1, "client": TAB, "edit_id": str(uuid.uuid4()), "ops": list(ops)} | body
    return browser.post(url("edits", row), sent, content_type="application/json")


def changes(client: Client, row: DialogTask, since: int, tab: str = OTHER) -> Any:
    return client.get(url("changes", row), {"since": str(since), "client": tab}).json()


def titled(name: str, title: str) -> dict[str, Any]:
    return {"op": "set_node", "name": name, "title": title}


def test_an_edit_is_saved_and_its_problems_are_told(creates: DialogTask, signed_in: Client) -> None:
    saved = post(signed_in, creates, {"op": "add_node", "node": {"name": "ask", "kind": "entity"}}).json()
    assert (saved["revision"], saved["state"], saved["others"]) == (2, "draft", [])
    assert {problem["code"] for problem in saved["problems"]} == {"unreachable", "bad_property"}
    assert [p["property"] for p in saved["problems"] if p["code"] == "bad_property"] == ["prompts"]
    assert signed_in.get(url("data", creates)).json()["revision"] == 2


def test_an_unfinished_draft_is_saved_all_the_same(creates: DialogTask, signed_in: Client) -> None:
    unfinished = {"name": "x", "kind": "no_such_kind", "properties": {"texts": "{{"}}
    assert post(signed_in, creates, {"op": "add_node", "node": unfinished}).status_code == 200


def test_what_is_malformed_is_refused_with_its_place(creates: DialogTask, signed_in: Client) -> None:
    refused = post(signed_in, creates, titled("done", "Fine"), {"op": "remove_node", "name": "nobody"})
    assert (refused.status_code, refused.json()["code"], refused.json()["at"]) == (400, "bad_edit", 1)
    malformed: list[dict[str, Any]] = [{"base": "1"}, {"base": True}, {"client": "me"}, {"edit_id": None}, {"ops": {}}]
    for wrong in malformed:
        assert post(signed_in, creates, titled("done", "Fine"), **wrong).status_code == 400
    assert author.draft_document(creates) == creating()


def test_a_conflict_shows_both_versions(creates: DialogTask, signed_in: Client) -> None:
    post(signed_in, creates, titled("done", "Theirs"), client=OTHER)
    refused = post(signed_in, creates, titled("done", "Mine"))
    assert (refused.status_code, refused.json()["code"]) == (409, "edit_conflict")
    (conflict,) = refused.json()["conflicts"]
    assert (conflict["node"], conflict["field"], conflict["mine"], conflict["theirs"]) == (
        "done",
        "title",
        "Mine",
        "Theirs",
    )
    assert refused.json()["others"] == [titled("done", "Theirs")]
    chosen = post(signed_in, creates, titled("done", "Mine"), base=refused.json()["revision"])
    assert chosen.json()["revision"] == 3


def test_another_tab_is_told_what_was_saved_since(creates: DialogTask, signed_in: Client) -> None:
    post(signed_in, creates, titled("done", "Fine"))
    told = changes(signed_in, creates, 1)
    assert (told["revision"], told["ops"], told["reload"]) == (2, [titled("done", "Fine")], False)
    assert told["problems"] == []
    assert changes(signed_in, creates, 1, TAB)["ops"] == []
    assert changes(signed_in, creates, 2)["problems"] is None


def test_who_missed_more_than_the_log_holds_is_told_to_load_again(creates: DialogTask, signed_in: Client) -> None:
    author.touch(creates)
    assert changes(signed_in, creates, 1)["reload"] is True
    assert post(signed_in, creates, titled("done", "Fine")).json()["code"] == "too_old"


def test_looking_for_changes_takes_few_queries(
    creates: DialogTask, signed_in: Client, django_assert_num_queries: Any
) -> None:
    changes(signed_in, creates, 1)
    # session, user, App, role; task, presences
    with django_assert_num_queries(6):
        changes(signed_in, creates, 1)


def test_saving_takes_the_same_number_of_queries_for_any_size(
    app: App, creates: DialogTask, signed_in: Client, django_assert_num_queries: Any
) -> None:
    signed_in.get(url("data", creates))
    many = document("many", [node("start", "intent"), *(node(f"m{i}", "message") for i in range(50))], [])
    for row, name in ((creates, "done"), (task(app, many), "m7")):
        # session, user, App, role; task twice, log, nodes, transitions; savepoint, task, node, entry, release
        with django_assert_num_queries(14):
            post(signed_in, row, titled(name, "Fine"))


def test_people_see_each_other_and_what_they_have_selected(
    app: App, creates: DialogTask, signed_in: Client, client: Client
) -> None:
    bob = Client()
    bob.force_login(staff(app, Role.VIEWER))
    signed_in.post(url("presence", creates), {"client": TAB, "node": "done"}, content_type="application/json")
    seen = bob.post(url("presence", creates), {"client": OTHER}, content_type="application/json").json()["others"]
    assert [(person["client"], person["node"]) for person in seen] == [(TAB, "done")]
    assert [person["client"] for person in changes(signed_in, creates, 1, TAB)["others"]] == [OTHER]
    Presence.objects.filter(client=TAB).update(seen_at=timezone.now() - timedelta(seconds=31))
    assert changes(bob, creates, 1)["others"] == []


def test_leaving_the_page_takes_one_away_at_once(creates: DialogTask, signed_in: Client) -> None:
    signed_in.post(url("presence", creates), {"client": TAB}, content_type="application/json")
    signed_in.post(url("presence", creates), {"client": TAB, "gone": "true"})
    assert not Presence.objects.exists()


def test_discarding_answers_with_what_it_did(creates: DialogTask, signed_in: Client) -> None:
    heading = {"base": 2, "client": TAB, "edit_id": str(uuid.uuid4())}
    refused = signed_in.post(url("discard", creates), heading, content_type="application/json")
    assert refused.json()["code"] == "nothing_published"
    publish(creates)
    post(signed_in, creates, titled("done", "Fine"))
    done = signed_in.post(url("discard", creates), heading, content_type="application/json").json()
    assert (done["ops"], done["state"]) == ([titled("done", "done")], "published")


def test_variables_are_told_for_a_node_with_what_lies_before_it(app: App, signed_in: Client) -> None:
    sampled = creating()
    sampled["nodes"][4]["properties"]["samples"] = [{"body": {"key": "DEMO-1", "fields": {"a b": [1]}}}]
    row = task(app, sampled)
    found = signed_in.get(url("variables", row), {"node": "work"}).json()["variables"]
    told = {entry["path"]: entry["before"] for entry in found}
    assert told["context.entities.summary"] is True
    assert told["context.createIssue.response.body"] is True  # from inside of it
    assert told['context.createIssue.response.body.fields["a b"][0]'] is True
    at_summary = signed_in.get(url("variables", row), {"node": "summary"}).json()["variables"]
    assert {entry["path"]: entry["before"] for entry in at_summary}["context.createIssue.response.body"] is False


@pytest.mark.parametrize("name", ["edits", "discard"])
def test_viewers_change_nothing(name: str, app: App, creates: DialogTask, client: Client) -> None:
    client.force_login(staff(app, Role.VIEWER))
    assert client.post(url(name, creates), {}, content_type="application/json").status_code == 403
    assert client.get(url("data", creates)).json()["may"] == {"edit": False, "publish": False, "talk": False}


def test_edits_need_the_token_against_forged_requests(app: App, creates: DialogTask, developer: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(developer)
    for name in ("edits", "discard", "presence"):
        assert strict.post(url(name, creates), {}, content_type="application/json").status_code == 403


@pytest.mark.parametrize("name", ["edits", "discard", "presence", "changes", "variables"])
def test_a_dialog_of_another_app_is_not_found(name: str, app: App, signed_in: Client) -> None:
    other = task(AppFactory.create(), greeting())
    address = reverse(f"admin:app_canvas_{name}", args=[app.slug, other.pk])
    sent: dict[str, Any] = {"base": 1, "client": TAB, "edit_id": TAB, "ops": [titled("answer", "x")], "since": "1"}
    if name in {"changes", "variables"}:
        assert signed_in.get(address, sent).status_code == 404
    else:
        assert signed_in.post(address, sent, content_type="application/json").status_code == 404
