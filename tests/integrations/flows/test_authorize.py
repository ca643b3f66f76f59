from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from integrations import errors
from integrations.flows import authorize, configure, sites
from integrations.models import Action, AuthorizationAttempt, Connection
from integrations.signals import connection_authorized
from tests.factories import ActionFactory, ProfileFactory, staff
from tests.integrations.grants import parameters

if TYPE_CHECKING:
    from django.conf import LazySettings
    from pytest_django import DjangoCaptureOnCommitCallbacks

    from tests.integrations.grants import Grants

pytestmark = pytest.mark.django_db


def test_the_address_asks_for_exactly_what_atlassian_documents(grants: Grants) -> None:
    trip = grants.trip()
    asked = parameters(trip.url)
    assert trip.url.startswith(f"{grants.sandbox.url}/authorize?")
    assert "scope=read%3Ajira-work%20write%3Ajira-work%20" in trip.url
    assert asked.pop("state")
    assert asked.pop("code_challenge")
    assert asked == {
        "audience": "api.atlassian.com",
        "client_id": "sandbox-client",
        "scope": "read:jira-work write:jira-work read:jira-user read:me offline_access",
        "redirect_uri": "http://127.0.0.1:8000/oauth/callback/",
        "response_type": "code",
        "prompt": "consent",
        "code_challenge_method": "S256",
    }


def test_consent_gives_a_connection_with_account_site_and_scopes(grants: Grants) -> None:
    row = grants.connect()
    row.refresh_from_db()
    assert row.state == Connection.State.CONNECTED
    assert row.site_id == grants.sandbox.cloud_id()
    assert row.site_name
    assert row.account_id
    assert row.account_name
    assert "write:jira-work" in row.scopes
    assert row.access_token.reveal()
    assert row.refresh_token.reveal()
    assert row.generation == 1
    assert row.expires_at is not None
    assert timedelta(minutes=59) < row.expires_at - timezone.now() <= timedelta(hours=1)


def test_pkce_holds_where_it_is_verified(grants: Grants) -> None:
    grants.sandbox.switch(verify_pkce=True)
    assert grants.connect().usable


def test_the_attempt_says_how_it_ended(grants: Grants) -> None:
    grants.connect()
    attempt = AuthorizationAttempt.objects.get()
    assert (attempt.outcome, attempt.reason) == ("connected", "")


def test_listeners_are_told_once_it_is_committed(
    grants: Grants, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    told: list[int] = []

    def note(connection_id: int, **_: object) -> None:
        told.append(connection_id)

    connection_authorized.connect(note)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            row = grants.connect()
    finally:
        connection_authorized.disconnect(note)
    assert told == [row.pk]


def test_denied_consent_changes_nothing_and_is_said(grants: Grants) -> None:
    trip = grants.trip()
    with pytest.raises(errors.ConsentDenied):
        trip.finish(trip.consent(accept=False))
    assert AuthorizationAttempt.objects.get().outcome == "denied"
    assert not Connection.objects.exists()


def test_it_refuses_an_unknown_state(grants: Grants) -> None:
    trip = grants.trip()
    with pytest.raises(errors.StateUnknown):
        trip.finish({"code": "x", "state": "made up"})
    with pytest.raises(errors.StateUnknown):
        trip.finish({"code": "x"})


def test_it_refuses_an_expired_state(grants: Grants) -> None:
    trip = grants.trip()
    back = trip.consent()
    AuthorizationAttempt.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(errors.StateExpired):
        trip.finish(back)
    assert "ten minutes" in AuthorizationAttempt.objects.get().reason
    assert not Connection.objects.exists()


def test_it_refuses_a_replayed_state(grants: Grants) -> None:
    trip = grants.trip()
    back = trip.consent()
    trip.finish(back)
    with pytest.raises(errors.StateUsed):
        trip.finish(back)
    assert AuthorizationAttempt.objects.get().outcome == "connected"
    assert Connection.objects.get().generation == 1


def test_a_second_browser_is_refused_and_the_first_can_still_finish(grants: Grants) -> None:
    trip = grants.trip()
    back = trip.consent()
    with pytest.raises(errors.OtherBrowser):
        authorize.finish(back, session={}, user=trip.user)
    assert trip.finish(back).outcome == "connected"


def test_another_person_in_the_same_browser_is_refused(grants: Grants) -> None:
    trip = grants.trip()
    back = trip.consent()
    with pytest.raises(errors.OtherBrowser):
        authorize.finish(back, session=trip.session, user=staff(trip.action.app))
    with pytest.raises(errors.OtherBrowser):
        authorize.finish(back, session=trip.session, user=None)


def test_a_member_who_lost_the_role_is_refused(grants: Grants) -> None:
    trip = grants.trip()
    back = trip.consent()
    trip.user.memberships.update(role="viewer")
    with pytest.raises(errors.OtherBrowser):
        trip.finish(back)


def test_a_wrong_client_secret_names_the_settings(grants: Grants, settings: LazySettings) -> None:
    trip = grants.trip()
    back = trip.consent()
    settings.XO_JIRA_CLIENT_SECRET = "wrong"
    with pytest.raises(errors.ClientRefused, match="XO_JIRA_CLIENT_ID and XO_JIRA_CLIENT_SECRET"):
        trip.finish(back)
    assert AuthorizationAttempt.objects.get().outcome == "failed"


def test_a_wrong_client_secret_of_a_profile_names_the_profile(grants: Grants) -> None:
    action = ActionFactory(card=Action.Card.CUSTOM)
    action.profile = ProfileFactory(app=action.app, client_id="sandbox-client", name="Our Jira")
    action.save()
    trip = grants.trip(action)
    with pytest.raises(errors.ClientRefused, match="Our Jira"):
        trip.finish(trip.consent())


def test_a_missing_client_is_named_before_anybody_is_sent_away(settings: LazySettings) -> None:
    settings.XO_JIRA_CLIENT_ID = ""
    with pytest.raises(errors.ClientMissing, match="XO_JIRA_CLIENT_ID"):
        authorize.begin(ActionFactory(), session={})


@pytest.mark.parametrize(("edition", "refusal"), [("trial", errors.EditionRefused), ("", errors.EditionMissing)])
def test_only_the_right_editions_are_sent_to_the_provider(
    grants: Grants, edition: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        grants.trip(ActionFactory(edition=edition))
    assert not AuthorizationAttempt.objects.exists()


def test_an_account_without_a_site_is_told_what_to_do(grants: Grants) -> None:
    trip = grants.trip()
    with pytest.raises(errors.NoSite, match="administrator"):
        trip.finish(trip.consent(person="hana", sites=("notes",)))
    assert not Connection.objects.exists()


def test_of_several_sites_none_is_chosen_silently(grants: Grants) -> None:
    row = grants.connect(person="ben", sites=("acme", "globex"))
    assert row.state == Connection.State.CHOOSING_SITE
    assert row.site_id == ""
    assert len(row.sites) == 2
    assert AuthorizationAttempt.objects.get().outcome == "choosing_site"


def test_a_site_of_the_list_can_be_chosen(grants: Grants) -> None:
    row = grants.connect(person="ben", sites=("acme", "globex"))
    chosen = sites.choose_site(row, grants.sandbox.cloud_id("globex"))
    assert chosen.usable
    assert chosen.site_id == grants.sandbox.cloud_id("globex")
    assert AuthorizationAttempt.objects.get().outcome == "connected"


def test_a_site_that_was_not_allowed_cannot_be_chosen(grants: Grants) -> None:
    row = grants.connect(person="ben", sites=("acme", "globex"))
    with pytest.raises(errors.SiteUnknown):
        sites.choose_site(row, "somebody-elses-site")


def test_authorizing_again_keeps_the_chosen_site_and_moves_the_generation_on(grants: Grants) -> None:
    row = grants.connect(person="ben")
    again = grants.connect(row.action, person="ben", sites=("acme", "globex"))
    assert again.pk == row.pk
    assert (again.site_id, again.usable) == (row.site_id, True)
    assert again.generation == 2


def test_authorizing_again_mends_an_action_in_error(grants: Grants) -> None:
    row = grants.connect()
    configure.enable(row.action)
    Action.objects.update(status=Action.Status.ERROR, error_reason="It ended.")
    grants.connect(row.action)
    row.action.refresh_from_db()
    assert (row.action.status, row.action.error_reason) == ("enabled", "")


def test_a_provider_that_is_down_is_told_apart_from_a_refusal(grants: Grants) -> None:
    trip = grants.trip()
    back = trip.consent()
    grants.sandbox.fault("error", on="token", status=502)
    with pytest.raises(errors.ProviderUnavailable):
        trip.finish(back)
    assert "could not be reached" in AuthorizationAttempt.objects.get().reason


def test_a_change_of_the_client_while_away_stops_the_authorization(grants: Grants, settings: LazySettings) -> None:
    trip = grants.trip()
    back = trip.consent()
    settings.XO_JIRA_CLIENT_ID = "another"
    with pytest.raises(errors.ConfigurationChanged):
        trip.finish(back)


def test_no_secret_reaches_the_logs(grants: Grants, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    row = grants.connect()
    written = caplog.text
    for secret in (row.access_token, row.refresh_token):
        assert secret.reveal() not in written
    assert "sandbox-secret" not in written
