"""Another registered app on an action that works: the old grant serves until the new one is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from integrations import errors
from integrations.flows import authorize, configure
from integrations.models import Action, Connection
from tests.factories import ActionFactory, ProfileFactory
from tests.integrations.grants import Trip

if TYPE_CHECKING:
    from integrations.models import AuthorizationProfile
    from tests.integrations.grants import Grants

pytestmark = pytest.mark.django_db
CUSTOM: dict[str, Any] = {
    "authorization_type": "pre_authorize",
    "method": "oauth",
    "card": "custom",
    "edition": "enterprise",
}


@pytest.fixture
def row(grants: Grants) -> Connection:
    return grants.connect(ActionFactory(enabled=True))


@pytest.fixture
def ours(grants: Grants, row: Connection) -> AuthorizationProfile:
    """A profile with another app that the provider knows."""
    grants.sandbox.set_client(
        client_id="ours", client_secret="ours-secret", callback_url="http://127.0.0.1:8000/oauth/callback/"
    )
    found: AuthorizationProfile = ProfileFactory(app=row.action.app, client_id="ours", client_secret="ours-secret")
    return found


def trip_with(grants: Grants, row: Connection, profile: AuthorizationProfile) -> Trip:
    trip = Trip(grants.sandbox, row.action)
    waiting = configure.prepare(row.action, **CUSTOM, profile=profile)
    assert waiting
    trip.url = authorize.begin(row.action, session=trip.session, user=trip.user, choices=waiting).url
    return trip


def test_denying_leaves_action_and_grant_as_they_were(
    grants: Grants, row: Connection, ours: AuthorizationProfile
) -> None:
    trip = trip_with(grants, row, ours)
    with pytest.raises(errors.ConsentDenied):
        trip.finish(trip.consent(accept=False))
    row.refresh_from_db()
    action = Action.objects.get()
    assert (row.state, row.client_id) == (Connection.State.CONNECTED, grants.sandbox.client_id)
    assert (action.card, action.profile, action.edition) == ("system", None, "developer")


def test_allowing_changes_both_together(grants: Grants, row: Connection, ours: AuthorizationProfile) -> None:
    trip = trip_with(grants, row, ours)
    trip.finish(trip.consent())
    row.refresh_from_db()
    action = Action.objects.get()
    assert (row.state, row.client_id) == (Connection.State.CONNECTED, "ours")
    assert (action.card, action.profile, action.edition) == ("custom", ours, "enterprise")
    assert action.status == Action.Status.ENABLED


def test_a_profile_that_changed_while_away_stops_the_authorization(
    grants: Grants, row: Connection, ours: AuthorizationProfile
) -> None:
    trip = trip_with(grants, row, ours)
    back = trip.consent()
    ours.client_id = "changed"
    ours.save()
    with pytest.raises(errors.ConfigurationChanged):
        trip.finish(back)
    row.refresh_from_db()
    assert row.usable
