"""Which site a connection works in, and sites that join its grant later."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from integrations.catalog.base import Site
from integrations.errors import SiteUnknown
from integrations.flows import sites
from integrations.models import AuditEntry, Connection
from tests.factories import ConnectionFactory, staff

if TYPE_CHECKING:
    from tests.integrations.grants import Grants

pytestmark = pytest.mark.django_db

ACME = {"id": "site-acme", "name": "acme", "url": "https://acme.example.net"}
GLOBEX = {"id": "site-globex", "name": "globex", "url": "https://globex.example.net"}


@pytest.fixture
def row() -> Connection:
    found: Connection = ConnectionFactory(sites=[ACME, GLOBEX], new_sites=[GLOBEX])
    return found


def test_a_change_pins_the_other_site_and_tells_who_did_it(row: Connection) -> None:
    user = staff(row.action.app)
    changed = sites.change_site(row, "site-globex", actor=user)
    assert (changed.site_id, changed.site_url, changed.new_sites) == ("site-globex", GLOBEX["url"], [])
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.object, entry.details) == (user, "globex", {"before": "acme"})


def test_a_site_that_the_grant_does_not_reach_is_refused(row: Connection) -> None:
    with pytest.raises(SiteUnknown):
        sites.change_site(row, "site-elsewhere")
    assert Connection.objects.get().site_id == "site-acme"


def test_a_renewal_in_between_makes_it_look_again(row: Connection) -> None:
    Connection.objects.update(generation=7)
    assert sites.change_site(row, "site-globex").site_id == "site-globex"


def test_a_consent_in_between_that_lost_the_site_refuses_the_change(row: Connection) -> None:
    Connection.objects.update(generation=7, sites=[ACME])
    with pytest.raises(SiteUnknown):
        sites.change_site(row, "site-globex")


def test_a_site_added_later_is_offered_and_not_chosen(grants: Grants) -> None:
    row = grants.connect(sites=["acme"])
    Connection.objects.update(sites_looked_at=timezone.now() - timedelta(days=2))
    assert sites.notice(row, [Site("site-new", "initech", "https://initech.example.net")]) == ["initech"]
    row.refresh_from_db()
    assert row.site_name == "acme"
    assert [site["name"] for site in row.new_sites] == ["initech"]
    assert {site["name"] for site in row.sites} == {"acme", "initech"}
    assert AuditEntry.objects.filter(verb=AuditEntry.Verb.SITES_FOUND).count() == 1


def test_the_same_news_is_noticed_once(row: Connection) -> None:
    news = [Site("site-new", "initech", "https://initech.example.net")]
    assert sites.notice(row, news) == ["initech"]
    assert sites.notice(row, news) == []


def test_the_provider_is_asked_once_a_day(grants: Grants) -> None:
    row = grants.connect(sites=["acme"])
    just_asked = row.sites_looked_at
    sites.look(row.pk)
    row.refresh_from_db()
    assert row.sites_looked_at == just_asked
    Connection.objects.update(sites_looked_at=timezone.now() - timedelta(days=2))
    sites.look(row.pk)
    row.refresh_from_db()
    assert row.sites_looked_at is not None
    assert timezone.now() - row.sites_looked_at < timedelta(minutes=1)


def test_keeping_the_site_ends_the_offer(row: Connection) -> None:
    sites.settle(row)
    row.refresh_from_db()
    assert (row.new_sites, row.site_id) == ([], "site-acme")
