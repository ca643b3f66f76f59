"""E-mail and API token: checked before they are kept, both kinds of token, and calls with them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from integrations import errors
from integrations.flows import basic
from integrations.flows.call import call
from integrations.flows.refresh import access_token
from integrations.models import Action, Connection
from tests.factories import ActionFactory, ConnectionFactory, EndUserFactory

if TYPE_CHECKING:
    from django.conf import LazySettings

    from integrations.flows.call_result import CallResult
    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db
CHOICES: dict[str, Any] = {"method": "basic", "card": "system", "profile_id": None}


@pytest.fixture
def site(atlassian: Sandbox, settings: LazySettings) -> str:
    settings.XO_SANDBOX_URL = atlassian.url
    return f"{atlassian.url}/site/acme"


@pytest.fixture
def action(site: str) -> Action:
    found: Action = ActionFactory(enabled=True, method="basic")
    return found


def ask(action: Action, operation: str = "getIssue", end_user_id: int | None = None, **parameters: Any) -> CallResult:
    return call(
        app_id=action.app_id,
        end_user_id=end_user_id,
        provider="jira",
        operation=operation,
        parameters=parameters,
        body=None,
        timeout=10,
    )


def test_a_classic_token_works_at_the_site(atlassian: Sandbox, site: str) -> None:
    checked = basic.check("jira", site, "ada@example.com", atlassian.api_token())
    assert (checked.account.name, checked.site_name, checked.scoped) == ("Ada Ames", "acme", False)
    assert checked.base == checked.site_url == site
    assert checked.site_id == atlassian.cloud_id()


def test_a_token_with_scopes_works_at_the_gateway(atlassian: Sandbox, site: str) -> None:
    token = atlassian.api_token(scopes=["read:jira-work", "read:jira-user"])
    checked = basic.check("jira", site, "ada@example.com", token)
    assert checked.scoped
    assert checked.base == f"{atlassian.url}/ex/jira/{atlassian.cloud_id()}"


def test_spaces_around_what_was_pasted_do_no_harm(atlassian: Sandbox, site: str) -> None:
    assert basic.check("jira", f" {site}/ ", " ada@example.com ", f" {atlassian.api_token()}\n").account.id


@pytest.mark.parametrize("person", ["ben@example.com", "nobody@example.com"])
def test_somebody_elses_token_is_refused(atlassian: Sandbox, site: str, person: str) -> None:
    with pytest.raises(errors.TokenRefused) as refusal:
        basic.check("jira", site, person, token := atlassian.api_token())
    assert token not in refusal.value.message
    assert "Nothing was saved" in refusal.value.message


def test_an_account_without_access_to_the_site_is_refused(atlassian: Sandbox, site: str) -> None:
    with pytest.raises(errors.TokenRefused):
        basic.check("jira", site, "gus@example.com", atlassian.api_token("gus"))


def test_a_token_that_may_not_say_whose_it_is_names_the_scopes(atlassian: Sandbox, site: str) -> None:
    token = atlassian.api_token(scopes=["write:jira-work"])
    with pytest.raises(errors.TokenTooNarrow, match="read:jira-user"):
        basic.check("jira", site, "ada@example.com", token)


def test_a_site_that_is_not_there_is_told(atlassian: Sandbox, site: str) -> None:
    with pytest.raises(errors.SiteNotThere):
        basic.check("jira", f"{site}x", "ada@example.com", "hidden")


def test_a_foreign_host_never_hears_of_the_token(atlassian: Sandbox, site: str) -> None:
    with pytest.raises(errors.SiteRefused):
        basic.check("jira", "https://evil.example", "ada@example.com", "hidden")
    assert not atlassian.counts()["requests"]


def test_a_site_that_is_down_is_told_apart_from_a_refusal(atlassian: Sandbox, site: str) -> None:
    atlassian.fault("error", on="getCurrentUser", status=503)
    with pytest.raises(errors.ProviderUnavailable):
        basic.check("jira", site, "ada@example.com", atlassian.api_token())


def test_where_each_person_authorizes_no_token_is_kept_for_everybody(
    atlassian: Sandbox, action: Action, site: str
) -> None:
    choices = {**CHOICES, "authorization_type": "allow_users"}
    with pytest.raises(errors.NotOffered):
        basic.connect(action, None, site, "ada@example.com", atlassian.api_token(), choices=choices)
    assert not Connection.objects.exists()


def test_it_is_kept_with_its_kind_and_base(atlassian: Sandbox, action: Action, site: str) -> None:
    token = atlassian.api_token()
    row = basic.connect(action, None, site, "ada@example.com", token, expires_on=date(2027, 5, 1))
    assert (row.kind, row.base, row.login, row.state) == ("basic", site, "ada@example.com", "connected")
    assert row.access_token.reveal() == token
    assert not row.refresh_token
    assert row.expires_at is None
    assert row.refresh_expires_at is not None
    assert row.refresh_expires_at.date() == date(2027, 5, 1)


def test_choices_are_kept_only_with_a_token_that_works(atlassian: Sandbox, site: str) -> None:
    row = ConnectionFactory()
    with pytest.raises(errors.TokenRefused):
        basic.connect(row.action, None, site, "ada@example.com", "wrong", choices=CHOICES)
    row.refresh_from_db()
    assert (row.kind, row.state, Action.objects.get().method) == ("oauth", "connected", "oauth")
    basic.connect(row.action, None, site, "ada@example.com", atlassian.api_token(), choices=CHOICES)
    row.refresh_from_db()
    assert (row.kind, row.client_id, Action.objects.get().method) == ("basic", "", "basic")


def test_it_is_refused_where_the_method_is_not_basic(atlassian: Sandbox, site: str) -> None:
    with pytest.raises(errors.NotOffered):
        basic.connect(ActionFactory(), None, site, "ada@example.com", "hidden")


def test_each_person_connects_with_their_own_token(atlassian: Sandbox, site: str) -> None:
    action = ActionFactory(enabled=True, method="basic", authorization_type="allow_users")
    ada, ben = EndUserFactory(app=action.app), EndUserFactory(app=action.app)
    basic.connect(action, ada, site, "ada@example.com", atlassian.api_token("ada"))
    assert ask(action, "getCurrentUser", ben.pk).outcome == "authorization_required"
    basic.connect(action, ben, site, "ben@example.com", atlassian.api_token("ben"))
    names = [ask(action, "getCurrentUser", person.pk).body["displayName"] for person in (ada, ben)]  # type: ignore[index,call-overload]
    assert names == ["Ada Ames", "Ben Brook"]


@pytest.mark.parametrize("scopes", [None, ["read:jira-work", "read:jira-user"]])
def test_calls_work_with_both_kinds_of_token(atlassian: Sandbox, action: Action, site: str, scopes: Any) -> None:
    basic.connect(action, None, site, "ada@example.com", atlassian.api_token(scopes=scopes))
    result = ask(action, issueIdOrKey="DEMO-1")
    assert (result.outcome, result.status_code) == ("answered", 200)
    assert "Basic" not in str(result.trace)


def test_the_site_is_found_without_the_platform(atlassian: Sandbox, action: Action, site: str) -> None:
    basic.connect(action, None, site, "ada@example.com", atlassian.api_token())
    found = ask(action, "getAccessibleSite")
    assert (found.status_code, found.body) == (200, {"id": atlassian.cloud_id(), "name": "acme", "url": site})


@pytest.mark.parametrize("scopes", [None, ["read:jira-work", "read:jira-user"]])
def test_a_token_that_has_ended_needs_authorization_and_says_why(
    atlassian: Sandbox, action: Action, site: str, scopes: Any
) -> None:
    token = atlassian.api_token(scopes=scopes, expires_in=60)
    row = basic.connect(action, None, site, "ada@example.com", token)
    atlassian.advance(61)
    result = ask(action, issueIdOrKey="DEMO-1")
    row.refresh_from_db()
    assert result.outcome == "authorization_required"
    assert "no longer accepts the API token of Ada Ames" in result.message
    assert (row.state, row.last_error) == (Connection.State.NEEDS_AUTHORIZATION, result.message)
    action.refresh_from_db()
    assert (action.status, action.error_reason) == (Action.Status.ERROR, result.message)


def test_an_api_token_is_never_refreshed(atlassian: Sandbox, action: Action, site: str) -> None:
    row = basic.connect(action, None, site, "ada@example.com", token := atlassian.api_token())
    assert access_token(row.pk, rejected=row.generation).value.reveal() == token
    row.refresh_from_db()
    assert row.usable
