"""A grant between consent and connection: confirmed by the person, and by a code where the link was given in a chat."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from integrations import errors, link_errors
from integrations.flows import holding, links
from integrations.flows.refresh import access_token
from integrations.jobs import forget_lapsed_grants
from integrations.models import Action, AuditEntry, AuthorizationAttempt, AuthorizationLink, Connection, HeldGrant
from integrations.signals import connection_authorized
from tests.integrations.visits import Visit, personal_action
from xoplatform.core.fields import sealed

if TYPE_CHECKING:
    from django.conf import LazySettings
    from pytest_django import DjangoCaptureOnCommitCallbacks

    from tests.sandbox import Sandbox

pytestmark = pytest.mark.django_db


def test_nothing_is_connected_before_the_person_says_yes(atlassian: Sandbox) -> None:
    visit = Visit(atlassian)
    attempt = visit.consented()
    assert attempt.outcome == "confirming"
    assert not Connection.objects.exists()
    held = HeldGrant.objects.get()
    assert (held.account_name, held.account_email) == ("Ada Ames", "ada@example.com")
    assert held.access_token.reveal()


def test_yes_connects_the_links_own_end_user_and_uses_the_link(atlassian: Sandbox) -> None:
    visit = Visit(atlassian)
    row = visit.connect()
    assert row.usable
    assert (row.end_user, row.account_name, row.site_id) == (visit.end_user, "Ada Ames", atlassian.cloud_id())
    assert AuthorizationLink.objects.get().state == "used"
    assert AuthorizationAttempt.objects.get().outcome == "connected"
    assert not HeldGrant.objects.exists()
    assert access_token(row.pk).value.reveal()


def test_listeners_are_told_of_the_connection_once_it_is_stored(
    atlassian: Sandbox, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    told: list[tuple[int, int]] = []

    def note(connection_id: int, end_user_id: int, **_: object) -> None:
        told.append((connection_id, end_user_id))

    visit = Visit(atlassian)
    connection_authorized.connect(note)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            attempt = visit.consented()
        assert told == []
        with django_capture_on_commit_callbacks(execute=True):
            holding.confirm(attempt)
    finally:
        connection_authorized.disconnect(note)
    assert told == [(Connection.objects.get().pk, visit.end_user.pk)]


def test_of_several_sites_one_must_be_chosen(atlassian: Sandbox) -> None:
    visit = Visit(atlassian)
    attempt = visit.consented(person="ben", sites=("acme", "globex"))
    for answer in ("", "somebody-elses-site"):
        with pytest.raises(errors.SiteUnknown):
            holding.confirm(attempt, answer)
    holding.confirm(attempt, atlassian.cloud_id("globex"))
    row = Connection.objects.get()
    assert (row.site_id, len(row.sites)) == (atlassian.cloud_id("globex"), 2)


def test_a_site_chosen_again_replaces_the_one_before(atlassian: Sandbox) -> None:
    first = Visit(atlassian)
    row = first.connect(atlassian.cloud_id("acme"), person="ben", sites=("acme", "globex"))
    again = Visit(atlassian, first.action, first.end_user)
    after = again.connect(atlassian.cloud_id("globex"), person="ben", sites=("acme", "globex"))
    assert after.pk == row.pk
    assert after.site_id == atlassian.cloud_id("globex")
    assert after.generation == 2


def test_a_grant_that_nobody_confirms_is_erased(atlassian: Sandbox) -> None:
    attempt = Visit(atlassian).consented()
    HeldGrant.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(errors.ConfirmationLapsed):
        holding.confirm(attempt)
    assert not HeldGrant.objects.exists()
    assert not Connection.objects.exists()
    assert "erased" in AuthorizationAttempt.objects.get().reason


def test_lapsed_grants_are_erased_without_anybody_coming_back(atlassian: Sandbox) -> None:
    Visit(atlassian).consented()
    Visit(atlassian).consented()
    HeldGrant.objects.filter(pk=HeldGrant.objects.first().pk).update(expires_at=timezone.now())  # type: ignore[union-attr]
    assert holding.forget_lapsed() == 1
    assert HeldGrant.objects.count() == 1


def test_a_link_revoked_while_its_person_is_away_connects_nothing(atlassian: Sandbox) -> None:
    visit = Visit(atlassian).begin()
    back = visit.consent()
    links.revoke(visit.link)
    with pytest.raises(link_errors.LinkRevoked):
        visit.come_back(back)
    assert not HeldGrant.objects.exists()


def test_a_link_revoked_before_the_yes_connects_nothing(atlassian: Sandbox) -> None:
    visit = Visit(atlassian)
    attempt = visit.consented()
    links.revoke(visit.link)
    with pytest.raises(link_errors.LinkRevoked):
        holding.confirm(attempt)
    assert not Connection.objects.exists()


def test_two_consents_with_one_link_connect_once(atlassian: Sandbox) -> None:
    visit = Visit(atlassian)
    first = visit.consented()
    other = Visit.consented(visit, person="dee")
    assert HeldGrant.objects.count() == 1
    with pytest.raises(errors.ConfirmationLapsed):
        holding.confirm(first)
    holding.confirm(other)
    assert Connection.objects.get().account_name == "Dee Dow"


def test_an_app_that_stopped_asking_people_connects_nobody(atlassian: Sandbox) -> None:
    visit = Visit(atlassian)
    attempt = visit.consented()
    Action.objects.update(authorization_type=Action.AuthorizationType.PRE_AUTHORIZE)
    attempt.action.refresh_from_db()
    with pytest.raises(errors.NotAsked):
        holding.confirm(attempt)
    assert not Connection.objects.exists()
    assert not HeldGrant.objects.exists()


def test_a_client_changed_before_the_yes_connects_nothing(atlassian: Sandbox, settings: LazySettings) -> None:
    attempt = Visit(atlassian).consented()
    settings.XO_JIRA_CLIENT_ID = "another"
    with pytest.raises(errors.TeamMustMend, match="team behind"):
        holding.confirm(attempt)
    assert not Connection.objects.exists()


def test_a_method_changed_before_the_yes_connects_nothing(atlassian: Sandbox) -> None:
    attempt = Visit(atlassian).consented()
    Action.objects.update(method=Action.Method.BASIC)
    attempt.action.refresh_from_db()
    with pytest.raises(errors.TeamMustMend):
        holding.confirm(attempt)
    assert not Connection.objects.exists()


def test_the_beat_erases_what_nobody_confirmed(atlassian: Sandbox) -> None:
    Visit(atlassian).consented()
    HeldGrant.objects.update(expires_at=timezone.now())
    assert forget_lapsed_grants() == 1
    assert not HeldGrant.objects.exists()


def test_a_refresh_in_flight_loses_to_the_new_grant(atlassian: Sandbox) -> None:
    """As `refresh` writes: one UPDATE that names the generation it started from."""
    visit = Visit(atlassian)
    before = visit.connect()
    after = Visit(atlassian, visit.action, visit.end_user).connect()
    stale = Connection.objects.filter(pk=before.pk, generation=before.generation)
    assert stale.update(**sealed(before, access_token="stale")) == 0
    assert (after.generation, after.lease_token) == (before.generation + 1, "")


class TestCode:
    def test_a_link_from_a_chat_connects_only_after_the_code_is_typed_there(self, atlassian: Sandbox) -> None:
        visit = Visit(atlassian, channel="chat")
        code = holding.confirm(visit.consented())
        assert len(code) == 6
        assert not Connection.objects.exists()
        assert AuthorizationLink.objects.get().open
        assert holding.confirm_code(visit.action.app_id, visit.end_user.pk, "jira", f" {code.lower()} ")
        assert Connection.objects.get().usable
        assert AuthorizationAttempt.objects.get().outcome == "connected"
        assert not HeldGrant.objects.exists()

    def test_a_wrong_code_connects_nothing(self, atlassian: Sandbox) -> None:
        visit = Visit(atlassian, channel="chat")
        holding.confirm(visit.consented())
        assert not holding.confirm_code(visit.action.app_id, visit.end_user.pk, "jira", "AAAAAA")
        assert not Connection.objects.exists()

    def test_few_tries_are_forgiven(self, atlassian: Sandbox) -> None:
        visit = Visit(atlassian, channel="chat")
        code = holding.confirm(visit.consented())
        for _ in range(5):
            holding.confirm_code(visit.action.app_id, visit.end_user.pk, "jira", "AAAAAA")
        assert not holding.confirm_code(visit.action.app_id, visit.end_user.pk, "jira", code)
        assert not Connection.objects.exists()

    def test_a_code_works_in_no_other_persons_chat(self, atlassian: Sandbox) -> None:
        visit = Visit(atlassian, channel="chat")
        other = Visit(atlassian, visit.action, channel="chat")
        code = holding.confirm(visit.consented())
        assert not holding.confirm_code(visit.action.app_id, other.end_user.pk, "jira", code)
        assert not Connection.objects.exists()

    def test_a_code_works_in_no_other_app(self, atlassian: Sandbox) -> None:
        visit, other = Visit(atlassian, channel="chat"), personal_action()
        code = holding.confirm(visit.consented())
        assert not holding.confirm_code(other.app_id, visit.end_user.pk, "jira", code)

    def test_a_code_ends(self, atlassian: Sandbox) -> None:
        visit = Visit(atlassian, channel="chat")
        code = holding.confirm(visit.consented())
        AuthorizationLink.objects.update(code_expires_at=timezone.now())
        assert not holding.confirm_code(visit.action.app_id, visit.end_user.pk, "jira", code)

    def test_another_code_voids_the_one_before(self, atlassian: Sandbox) -> None:
        visit = Visit(atlassian, channel="chat")
        attempt = visit.consented()
        first = holding.confirm(attempt)
        second = holding.another_code(attempt)
        assert not holding.confirm_code(visit.action.app_id, visit.end_user.pk, "jira", first)
        assert holding.confirm_code(visit.action.app_id, visit.end_user.pk, "jira", second)

    def test_of_two_browsers_only_the_one_that_shows_the_last_code_counts(self, atlassian: Sandbox) -> None:
        """A link that was passed on: whoever confirms last is whose code works, and the other's grant is erased."""
        visit = Visit(atlassian, channel="chat")
        first = visit.consented(person="ben", sites=("acme",))
        code = holding.confirm(first)
        visit.session = {}
        holding.confirm(visit.consented(person="dee"))
        assert HeldGrant.objects.count() == 1
        assert not holding.confirm_code(visit.action.app_id, visit.end_user.pk, "jira", code)
        assert not Connection.objects.exists()

    def test_a_code_that_was_replaced_after_it_was_checked_connects_nothing(self, atlassian: Sandbox) -> None:
        visit = Visit(atlassian, channel="chat")
        attempt = visit.consented()
        code = holding.confirm(attempt)
        checked = links.check_code(visit.action.app_id, visit.end_user.pk, "jira", code)
        assert checked is not None
        holding.another_code(attempt)
        assert holding.finish_by_code(checked) is None
        assert not Connection.objects.exists()

    def test_no_code_is_asked_where_the_channel_vouches_for_the_person(self, atlassian: Sandbox) -> None:
        visit = Visit(atlassian, channel="chat", vouched=True)
        assert holding.confirm(visit.consented()) == ""
        assert Connection.objects.get().usable

    def test_a_working_connection_stays_until_the_code_is_typed(self, atlassian: Sandbox) -> None:
        visit = Visit(atlassian)
        row = visit.connect()
        again = Visit(atlassian, visit.action, visit.end_user, channel="chat")
        holding.confirm(again.consented(person="dee"))
        row.refresh_from_db()
        assert (row.account_name, row.usable, row.generation) == ("Ada Ames", True, 1)

    def test_the_code_is_not_stored_in_plain(self, atlassian: Sandbox) -> None:
        visit = Visit(atlassian, channel="chat")
        code = holding.confirm(visit.consented())
        row = AuthorizationLink.objects.values().get()
        assert code not in str(row)
        assert code not in str(list(AuthorizationAttempt.objects.values()))


def test_the_audit_tells_the_way_without_names_or_secrets(atlassian: Sandbox) -> None:
    visit = Visit(atlassian)
    visit.connect()
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"link_created", "link_opened", "link_used", "connected"} <= verbs
    written = str(list(AuditEntry.objects.values("object", "details", "actor_name")))
    assert "Ames" not in written
    assert "ada@" not in written
