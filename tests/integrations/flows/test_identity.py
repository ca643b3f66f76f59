"""The App's rule on whose account an end user may connect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integrations import errors
from integrations.flows import holding
from integrations.models import AuditEntry, Connection, HeldGrant
from tests.factories import EndUserFactory
from tests.integrations.visits import Visit, personal_action
from xoplatform.models import App

if TYPE_CHECKING:
    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db


def visit_of(sandbox: Sandbox, rule: str, email: str) -> Visit:
    action = personal_action(app__identity_rule=rule)
    return Visit(sandbox, action, EndUserFactory(app=action.app, email=email))


def test_without_a_rule_any_account_may_be_connected(atlassian: Sandbox) -> None:
    assert visit_of(atlassian, "off", "grace@example.com").connect().account_email == "ada@example.com"


@pytest.mark.parametrize("email", ["ada@example.com", "Ada@Example.COM"])
def test_the_same_address_is_accepted_however_it_is_written(atlassian: Sandbox, email: str) -> None:
    assert visit_of(atlassian, "require", email).connect().usable


def test_another_address_is_refused_before_anything_is_kept(atlassian: Sandbox) -> None:
    with pytest.raises(errors.IdentityMismatch, match="grace@…"):
        visit_of(atlassian, "require", "grace@example.com").consented()
    assert not HeldGrant.objects.exists()


def test_a_hidden_address_counts_as_another_and_the_person_is_told_what_to_do(atlassian: Sandbox) -> None:
    with pytest.raises(errors.IdentityHidden, match="Profile and visibility"):
        visit_of(atlassian, "require", "eli@example.com").consented(person="eli")
    assert not HeldGrant.objects.exists()


def test_a_person_whose_address_we_do_not_know_matches_nobody(atlassian: Sandbox) -> None:
    with pytest.raises(errors.IdentityUnknown, match="team behind"):
        visit_of(atlassian, "require", "").consented()


def test_a_rule_made_stricter_meanwhile_holds(atlassian: Sandbox) -> None:
    visit = visit_of(atlassian, "off", "grace@example.com")
    attempt = visit.consented()
    App.objects.update(identity_rule="require")
    attempt.action.app.refresh_from_db()
    with pytest.raises(errors.IdentityMismatch):
        holding.confirm(attempt)
    assert not Connection.objects.exists()
    assert not HeldGrant.objects.exists()


def test_a_rule_made_stricter_before_the_code_is_typed_holds(atlassian: Sandbox) -> None:
    action = personal_action()
    visit = Visit(atlassian, action, EndUserFactory(app=action.app, email="grace@example.com"), channel="chat")
    code = holding.confirm(visit.consented())
    App.objects.update(identity_rule="require")
    with pytest.raises(errors.IdentityMismatch):
        holding.confirm_code(action.app_id, visit.end_user.pk, "jira", code)
    assert not Connection.objects.exists()
    assert not HeldGrant.objects.exists()


def test_a_warning_connects_and_is_noted(atlassian: Sandbox) -> None:
    assert visit_of(atlassian, "warn", "grace@example.com").connect().usable
    noted = [entry.details for entry in AuditEntry.objects.filter(verb="connected")]
    assert any("not the end user's" in str(details) for details in noted)


def test_a_match_is_not_warned_of(atlassian: Sandbox) -> None:
    visit_of(atlassian, "warn", "ada@example.com").connect()
    assert not any("not the end user's" in str(entry.details) for entry in AuditEntry.objects.all())
