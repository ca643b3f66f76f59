from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from integrations.flows import kept_answers
from integrations.models import Action, Connection, OperationCall
from tests.factories import ActionFactory, AppFactory, ConnectionFactory, EndUserFactory

from .stand_in import Provider, answer, call, cut

if TYPE_CHECKING:
    from django.conf import LazySettings
    from pytest_django import DjangoAssertNumQueries

    from tests.integrations.grants import Grants

pytestmark = pytest.mark.django_db

# --- The request ------------------------------------------------------------------------


def test_it_goes_to_the_pinned_site_with_this_grant(provider: Provider, row: Connection) -> None:
    result = call(row)
    assert (result.outcome, result.status_code, result.message) == ("answered", 200, "")
    assert provider.seen == [("GET", "/ex/jira/site-acme/rest/api/3/issue/DEMO-1", None)]
    assert provider.tokens == [f"Bearer {row.access_token.reveal()}"]


@pytest.mark.parametrize("typed", ["DEMO-1/../../myself", "DEMO-1?x=1", "DEMO-1#", "Ä 1", "%2e%2e"])
def test_what_a_person_types_stays_one_part_of_the_path(provider: Provider, row: Connection, typed: str) -> None:
    call(row, parameters={"issueIdOrKey": typed})
    path = provider.seen[0][1].removeprefix("/ex/jira/site-acme/rest/api/3/issue/")
    assert "/" not in path
    assert "?" not in path


@pytest.mark.parametrize("typed", ["", ".", "..", None])
def test_what_would_ask_for_another_address_is_not_sent(provider: Provider, row: Connection, typed: Any) -> None:
    assert call(row, parameters={"issueIdOrKey": typed}).outcome == "refused"
    assert provider.seen == []


def test_a_body_travels_as_data(provider: Provider, row: Connection) -> None:
    nasty = {"fields": {"summary": '", "project": {"key": "OTHER"}, "x": "', "n": 1}}
    call(row, "createIssue", body=nasty)
    assert provider.seen[0][2] == nasty


def test_the_site_lookup_gives_the_pinned_site(provider: Provider, row: Connection) -> None:
    sites = [
        {"id": "other", "name": "other", "url": "https://other", "scopes": ["read:jira-work"]},
        {"id": "site-acme", "name": "acme", "url": "https://acme", "scopes": ["read:confluence-content.all"]},
        {"id": "site-acme", "name": "acme", "url": "https://acme", "scopes": ["read:jira-work"]},
    ]
    provider.answers = [answer(200, sites)]
    result = call(row, "getAccessibleSite")
    assert provider.seen[0][1] == "/oauth/token/accessible-resources"
    assert result.body == {"id": "site-acme", "name": "acme", "url": "https://acme"}


def test_the_site_lookup_refuses_when_the_pinned_site_is_gone(provider: Provider, row: Connection) -> None:
    provider.answers = [answer(200, [{"id": "other", "name": "other", "url": "u", "scopes": ["read:jira-work"]}])]
    result = call(row, "getAccessibleSite")
    assert (result.outcome, result.body) == ("refused", None)
    assert "acme is no longer open" in result.message


def test_one_call_costs_one_query_before_it_leaves(
    provider: Provider, row: Connection, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    call(row)
    with django_assert_num_queries(1):
        call(row)


# --- Whose grant ------------------------------------------------------------------------


def test_one_persons_grant_is_never_used_for_another(provider: Provider) -> None:
    action = ActionFactory(enabled=True, authorization_type=Action.AuthorizationType.ALLOW_USERS)
    ada, ben = EndUserFactory(app=action.app), EndUserFactory(app=action.app)
    hers = ConnectionFactory(action=action, end_user=ada)
    ConnectionFactory(action=action, end_user=None)
    assert call(hers, end_user_id=ada.pk).outcome == "answered"
    assert provider.tokens == [f"Bearer {hers.access_token.reveal()}"]
    assert call(hers, end_user_id=ben.pk).outcome == "authorization_required"
    assert call(hers, end_user_id=None).outcome == "authorization_required"
    assert len(provider.seen) == 1


def test_a_pre_authorized_action_never_uses_a_persons_grant(provider: Provider) -> None:
    action = ActionFactory(enabled=True)
    ada = EndUserFactory(app=action.app)
    hers = ConnectionFactory(action=action, end_user=ada)
    assert call(hers, end_user_id=ada.pk).outcome == "authorization_required"
    assert provider.seen == []


def test_another_app_has_nothing_to_act_with(provider: Provider, row: Connection) -> None:
    assert call(row, app_id=AppFactory().pk).outcome == "refused"
    assert provider.seen == []


# --- What is not sent -------------------------------------------------------------------


def test_a_disabled_action_fails_closed_and_is_named(provider: Provider, row: Connection) -> None:
    Action.objects.update(status=Action.Status.DISABLED)
    result = call(row)
    assert result.outcome == "refused"
    assert f"JIRA is disabled in {row.action.app.name}" in result.message
    assert provider.seen == []


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"state": "needs_authorization"}, "authorization_required"),
        ({"state": "choosing_site"}, "authorization_required"),
        ({"site_id": "somebody-elses"}, "refused"),
        ({"scopes": ["read:me"]}, "authorization_required"),
    ],
)
def test_what_the_grant_does_not_cover_is_not_sent(
    provider: Provider, row: Connection, change: dict[str, Any], outcome: str
) -> None:
    Connection.objects.update(**change)
    assert call(row).outcome == outcome
    assert provider.seen == []


def test_missing_scopes_are_named(provider: Provider, row: Connection) -> None:
    Connection.objects.update(scopes=["read:jira-work"])
    assert "write:jira-work" in call(row, "createIssue").message


@pytest.mark.parametrize(
    "wrong", [{"operation": "nonesuch"}, {"body": {"x": 1}}, {"parameters": {"nonesuch": 1, "issueIdOrKey": "A-1"}}]
)
def test_a_request_that_does_not_fit_is_not_sent(provider: Provider, row: Connection, wrong: dict[str, Any]) -> None:
    assert call(row, **wrong).outcome == "refused"
    assert provider.seen == []


# --- What comes back --------------------------------------------------------------------


def test_a_refusal_of_jira_is_handed_on_with_its_words(provider: Provider, row: Connection) -> None:
    body = {"errorMessages": ["Field 'priority' is required"], "errors": {"summary": "Too long"}}
    provider.answers = [answer(400, body)]
    result = call(row)
    assert (result.outcome, result.status_code, result.body) == ("answered", 400, body)
    assert result.message == "Field 'priority' is required summary: Too long"


def test_a_site_that_threw_the_app_out_is_explained(provider: Provider, row: Connection) -> None:
    provider.answers = [answer(403, {"code": 403, "message": "The app is not installed on this instance"})]
    assert "no longer lets this App in" in call(row).message


def test_a_missing_scope_is_not_mended_by_a_new_token(provider: Provider, row: Connection) -> None:
    provider.answers = [answer(401, {"code": 401, "message": "Unauthorized; scope does not match"})]
    result = call(row)
    assert result.outcome == "authorization_required"
    assert "read:jira-work" in result.message
    assert len(provider.seen) == 1


def test_a_refused_token_is_renewed_once_and_the_call_repeated_once(provider: Provider, row: Connection) -> None:
    tokens = {"access_token": "fresh-access", "refresh_token": "fresh-refresh", "expires_in": 3600}
    provider.answers = [
        answer(401, {"code": 401, "message": "Unauthorized"}),
        answer(200, tokens),
        answer(200, {"ok": 1}),
    ]
    result = call(row)
    assert (result.outcome, result.body) == ("answered", {"ok": 1})
    assert [path for _, path, _ in provider.seen][1] == "/oauth/token"
    assert provider.tokens[2] == "Bearer fresh-access"


def test_a_grant_refused_again_right_after_renewal_needs_a_new_consent(provider: Provider, row: Connection) -> None:
    tokens = {"access_token": "fresh-access", "refresh_token": "fresh-refresh", "expires_in": 3600}
    no = answer(401, {"code": 401, "message": "Unauthorized"})
    provider.answers = [no, answer(200, tokens), no]
    assert call(row).outcome == "authorization_required"
    row.refresh_from_db()
    assert row.state == Connection.State.NEEDS_AUTHORIZATION
    row.action.refresh_from_db()
    assert row.action.status == Action.Status.ERROR
    assert call(row).outcome == "authorization_required"
    assert len(provider.seen) == 3


def test_a_token_revoked_at_the_provider_asks_for_authorization(grants: Grants) -> None:
    row = grants.connect()
    Action.objects.update(status=Action.Status.ENABLED)
    grants.sandbox.revoke()
    result = call(row, "getAccessibleSite")
    assert result.outcome == "authorization_required"
    assert "no longer accepts" in result.message


# --- Repeating --------------------------------------------------------------------------


def test_too_many_requests_are_waited_out_as_the_provider_says(
    provider: Provider, row: Connection, pauses: list[float]
) -> None:
    provider.answers = [answer(429, {}, Retry_After="3"), answer(503, {}), answer(200, {"ok": 1})]
    assert call(row).body == {"ok": 1}
    assert pauses[0] == 3
    assert 2 < pauses[1] < 6


def test_a_wait_longer_than_the_budget_is_told_instead(
    provider: Provider, row: Connection, pauses: list[float]
) -> None:
    provider.answers = [answer(429, {}, Retry_After="1847")]
    result = call(row)
    assert (result.status_code, result.headers["retry-after"]) == (429, "1847")
    assert pauses == []


def test_what_changes_something_is_not_repeated(provider: Provider, row: Connection, pauses: list[float]) -> None:
    provider.answers = [answer(503, {}, Retry_After="0")]
    assert call(row, "createIssue").status_code == 503
    assert len(provider.seen) == 1


def test_a_lost_answer_of_a_reading_call_is_asked_for_again(provider: Provider, row: Connection) -> None:
    provider.answers = [cut, answer(200, {"ok": 1})]
    assert call(row).body == {"ok": 1}


def test_a_lost_answer_of_a_changing_call_is_unknown_and_stays_so(provider: Provider, row: Connection) -> None:
    provider.answers = [cut]
    result = call(row, "createIssue")
    assert result.outcome == "unknown"
    assert "Look in JIRA before you repeat it" in result.message
    assert len(provider.seen) == 1
    assert OperationCall.objects.get().status == OperationCall.Status.UNKNOWN


def test_jira_down_means_nothing_was_done(row: Connection, settings: LazySettings) -> None:
    settings.XO_ATLASSIAN_API_URL = "http://127.0.0.1:1"
    assert call(row).outcome == "unreachable"
    assert call(row, "createIssue").outcome == "unreachable"


def test_the_operators_own_address_needs_no_further_permission(
    provider: Provider, row: Connection, settings: LazySettings
) -> None:
    settings.XO_ALLOW_PRIVATE_HOSTS = []
    assert call(row).outcome == "answered"


def test_an_answer_too_late_ends_the_call(provider: Provider, row: Connection) -> None:
    provider.answers = [cut]
    assert call(row, timeout=0).outcome == "timed_out"


# --- Answers that are kept --------------------------------------------------------------


@pytest.fixture
def _nothing_kept() -> None:
    kept_answers.forget()


@pytest.mark.usefixtures("_nothing_kept")
class TestKeptAnswers:
    def test_a_repeated_lookup_is_not_sent_again(
        self, provider: Provider, row: Connection, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        provider.answers = [answer(200, {"key": "DEMO-1"})]
        call(row, cache_for=60)
        with django_assert_num_queries(1):  # the grant is looked at every time
            again = call(row, cache_for=60)
        assert (again.outcome, again.status_code, again.body) == ("answered", 200, {"key": "DEMO-1"})
        assert again.record is None
        assert again.trace["connection"]["id"] == row.pk
        assert len(provider.seen) == 1

    def test_only_where_the_node_asks_for_it(self, provider: Provider, row: Connection) -> None:
        call(row, cache_for=60)
        call(row)
        assert len(provider.seen) == 2

    def test_other_parameters_are_another_question(self, provider: Provider, row: Connection) -> None:
        call(row, cache_for=60)
        call(row, cache_for=60, parameters={"issueIdOrKey": "DEMO-2"})
        assert len(provider.seen) == 2

    def test_a_change_is_never_answered_from_memory(self, provider: Provider, row: Connection) -> None:
        for _ in range(2):
            call(row, "createIssue", cache_for=60)
        assert len(provider.seen) == 2

    def test_people_with_grants_of_their_own_share_nothing(self, provider: Provider) -> None:
        action = ActionFactory(enabled=True, authorization_type=Action.AuthorizationType.ALLOW_USERS)
        for person in (EndUserFactory(app=action.app), EndUserFactory(app=action.app)):
            mine = ConnectionFactory(action=action, end_user=person)
            call(mine, end_user_id=person.pk, cache_for=60)
        assert len(provider.seen) == 2

    @pytest.mark.parametrize(
        "change", [{"site_id": "other", "sites": []}, {"authorized_at": "2026-01-01T00:00:00Z"}, {"scopes": []}]
    )
    def test_another_grant_or_site_is_asked_anew(
        self, provider: Provider, row: Connection, change: dict[str, Any]
    ) -> None:
        call(row, cache_for=60)
        Connection.objects.update(**change)
        call(row, cache_for=60)
        assert len(provider.seen) == 2

    @pytest.mark.parametrize("change", [{"state": "needs_authorization"}, {"state": "choosing_site"}])
    def test_without_a_usable_grant_nothing_is_answered(
        self, provider: Provider, row: Connection, change: dict[str, Any]
    ) -> None:
        call(row, cache_for=60)
        Connection.objects.update(**change)
        assert call(row, cache_for=60).outcome == "authorization_required"

    def test_a_disabled_action_answers_nothing(self, provider: Provider, row: Connection) -> None:
        call(row, cache_for=60)
        Action.objects.update(status=Action.Status.DISABLED)
        assert call(row, cache_for=60).outcome == "refused"

    def test_the_oldest_makes_room(self, provider: Provider, row: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(kept_answers, "MOST", 1)
        for key in ("A-1", "A-2", "A-1"):
            call(row, cache_for=60, parameters={"issueIdOrKey": key})
        assert len(provider.seen) == 3

    def test_what_is_large_is_not_kept(self, provider: Provider, row: Connection) -> None:
        provider.answers = [answer(200, {"text": "x" * kept_answers.LONGEST})]
        for _ in range(2):
            call(row, cache_for=60)
        assert len(provider.seen) == 2
