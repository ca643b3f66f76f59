"""A call that changes something lost its answer: the provider is asked what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from integrations import api
from integrations.catalog import registry
from integrations.models import Connection, OperationCall

from .stand_in import NEW_ISSUE, Provider, answer, cut

if TYPE_CHECKING:
    from datetime import datetime

pytestmark = pytest.mark.django_db

SENT = {"parameters": {}, "body": NEW_ISSUE}


def issue(key: str, *, at: datetime | None = None, summary: str = "Fire", kind: str = "Bug") -> dict[str, Any]:
    made = (at or timezone.now()).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    fields = {"summary": summary, "project": {"key": "DEMO"}, "issuetype": {"name": kind}, "created": made}
    return {"id": key.removeprefix("DEMO-"), "key": key, "fields": fields}


def look(row: Connection, **details: Any) -> api.Reconciled:
    usual: dict[str, Any] = {
        "app_id": row.action.app_id,
        "end_user_id": None,
        "provider": "jira",
        "operation": "createIssue",
        "request": SENT,
        "since": timezone.now(),
    }
    return api.look_for(api.Lost(**{**usual, **details}))


def shows(provider: Provider, *issues: dict[str, Any]) -> None:
    provider.answers = [answer(200, {"issues": list(issues)})]


@pytest.mark.usefixtures("pauses")
class TestWhatIsSeen:
    def test_what_was_sent_is_found_and_named(self, provider: Provider, row: Connection) -> None:
        shows(provider, issue("DEMO-9", summary="Smoke"), issue("DEMO-8"), issue("DEMO-7", kind="Task"))
        found = look(row)
        assert (found.outcome, found.found) == ("found", {"id": "8", "key": "DEMO-8"})
        assert found.message == "I looked in JIRA: “Create an issue” was carried out."

    def test_it_asks_for_what_this_account_made_lately(self, provider: Provider, row: Connection) -> None:
        shows(provider)
        look(row)
        _, path, body = provider.seen[0]
        assert path.endswith("/rest/api/3/search/jql")
        assert body["jql"] == "creator = currentUser() AND created >= -3m ORDER BY created DESC"

    def test_nothing_like_it_is_no_proof(self, provider: Provider, row: Connection) -> None:
        shows(provider, issue("DEMO-9", summary="Smoke"))
        found = look(row)
        assert (found.outcome, found.found) == ("not_found", None)
        assert "may show up later" in found.message

    def test_what_was_there_before_is_not_it(self, provider: Provider, row: Connection) -> None:
        shows(provider, issue("DEMO-8", at=timezone.now() - timedelta(minutes=2)))
        assert look(row).outcome == "not_found"

    def test_what_another_call_is_known_to_have_made_is_not_it(self, provider: Provider, row: Connection) -> None:
        OperationCall.objects.create(
            app_id=row.action.app_id,
            provider="jira",
            operation="createIssue",
            status=OperationCall.Status.SUCCEEDED,
            response={"body": {"id": "8", "key": "DEMO-8", "self": "u"}},
        )
        shows(provider, issue("DEMO-8"))
        assert look(row).outcome == "not_found"
        shows(provider, issue("DEMO-8"), issue("DEMO-9"))
        assert look(row).found == {"id": "9", "key": "DEMO-9"}

    def test_two_that_it_could_be_are_not_guessed_between(self, provider: Provider, row: Connection) -> None:
        shows(provider, issue("DEMO-8"), issue("DEMO-9"))
        assert look(row).outcome == "cannot_tell"

    def test_what_told_nothing_about_itself_cannot_be_recognised(self, provider: Provider, row: Connection) -> None:
        shows(provider, issue("DEMO-8"))
        assert look(row, request={"parameters": {}, "body": {"fields": {}}}).outcome == "not_found"

    def test_a_type_or_project_given_by_id_is_compared_by_id(self, provider: Provider, row: Connection) -> None:
        body = {"fields": {"summary": " fire ", "project": {"id": "1"}}}
        other, same = issue("DEMO-8"), issue("DEMO-9")
        other["fields"]["project"]["id"], same["fields"]["project"]["id"] = "2", "1"
        shows(provider, other, same)
        assert look(row, request={"parameters": {}, "body": body}).found == {"id": "9", "key": "DEMO-9"}

    @pytest.mark.parametrize("bad", [answer(500, {}), answer(400, {"errorMessages": ["?"]}), answer(200, []), cut])
    def test_where_nobody_can_look_it_says_so(self, provider: Provider, row: Connection, bad: Any) -> None:
        provider.answers = [bad]
        found = look(row)
        assert found.outcome == "cannot_tell"
        assert "could not be found out" in found.message

    def test_a_grant_that_is_gone_cannot_tell(self, provider: Provider, row: Connection) -> None:
        Connection.objects.update(state=Connection.State.NEEDS_AUTHORIZATION)
        assert look(row).outcome == "cannot_tell"
        assert provider.seen == []

    def test_its_own_calls_are_handed_on_to_be_recorded(self, provider: Provider, row: Connection) -> None:
        shows(provider, issue("DEMO-8"))
        assert [record.operation for record in look(row).records] == ["searchIssues"]


DELETED = {"parameters": {"issueIdOrKey": "DEMO-1"}, "body": None}


@pytest.mark.usefixtures("pauses")
class TestChangesOfWhatIsThere:
    @pytest.mark.parametrize(("status", "outcome"), [(404, "found"), (200, "not_found"), (403, "cannot_tell")])
    def test_what_was_to_be_deleted_is_gone_or_not(
        self, provider: Provider, row: Connection, status: int, outcome: str
    ) -> None:
        provider.answers = [answer(status, {"key": "DEMO-1"})]
        assert look(row, operation="deleteIssue", request=DELETED).outcome == outcome

    @pytest.mark.parametrize(
        ("update", "shown", "outcome"),
        [
            ({"summary": [{"set": "New"}]}, {"summary": "New"}, "found"),
            ({"summary": [{"set": "New"}]}, {"summary": "Old"}, "not_found"),
            ({"labels": [{"add": "urgent"}]}, {"labels": ["old", "urgent"]}, "found"),
            ({"labels": [{"add": "urgent"}]}, {"labels": []}, "not_found"),
            ({"labels": [{"add": "urgent"}], "priority": [{"set": "1"}]}, {"labels": ["urgent"]}, "cannot_tell"),
        ],
    )
    def test_a_change_is_made_when_all_of_it_shows(
        self, provider: Provider, row: Connection, update: dict[str, Any], shown: dict[str, Any], outcome: str
    ) -> None:
        provider.answers = [answer(200, {"key": "DEMO-1", "fields": shown})]
        request = {"parameters": {"issueIdOrKey": "DEMO-1"}, "body": {"update": update}}
        assert look(row, operation="editIssue", request=request).outcome == outcome


def test_a_search_that_lags_is_asked_again(provider: Provider, row: Connection, pauses: list[float]) -> None:
    late = [answer(200, {"issues": []}), answer(200, {"issues": [issue("DEMO-8")]})]
    provider.answers = late
    assert look(row).outcome == "found"
    assert pauses == [1.5]


@pytest.mark.parametrize(
    ("provider_name", "operation"), [("jira", "getIssue"), ("jira", "none"), ("none", "none"), ("", "")]
)
def test_not_every_call_can_be_looked_for(provider_name: str, operation: str) -> None:
    assert not api.can_look(provider_name, operation)


def test_what_looks_for_a_call_only_reads() -> None:
    """For every provider: the operation that is asked exists and may be repeated."""
    for provider in registry.providers().values():
        looks = [o.reconcile.operation for o in provider.operations.values() if o.reconcile is not None]
        assert all(provider.operations[name].idempotent for name in looks)
