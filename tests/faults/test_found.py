"""What random runs have found, each told once by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integrations.errors import ProviderUnavailable
from integrations.flows import refresh
from integrations.flows.refresh import times
from integrations.models import Connection
from tests.faults import stage
from tests.integrations.conftest import atlassian, grants
from tests.sandbox import sandbox, sandbox_process

if TYPE_CHECKING:
    from tests.integrations.grants import Grants
    from tests.sandbox import Sandbox

__all__ = ["atlassian", "grants", "sandbox", "sandbox_process"]

pytestmark = pytest.mark.django_db


def test_a_lost_answer_is_asked_for_again_by_the_clock_although_nobody_needs_the_token(
    grants: Grants, atlassian: Sandbox
) -> None:
    """The old token was good enough for its caller, and no other caller came within the provider's ten minutes."""
    row = grants.connect()
    stage.age(row.pk, 3600 - times.LAST_USE * 2)
    atlassian.fault("cut_after", on="token", times=2)
    assert refresh.access_token(row.pk).generation == row.generation
    Connection.objects.update(refresh_after=None)
    assert refresh.renew_ahead(row.pk) == "renewed"
    atlassian.advance(660)
    assert refresh.access_token(row.pk, margin=7200).generation == row.generation + 1


def test_no_grant_is_kept_of_which_nobody_could_say_whose_it_is(grants: Grants, atlassian: Sandbox) -> None:
    """A page with status 200 in place of the account made a connection of nobody's."""
    trip = grants.trip()
    params = trip.consent()
    atlassian.fault("not_json", on="me")
    with pytest.raises(ProviderUnavailable):
        trip.finish(params)
    assert not Connection.objects.exists()
