"""Which site a connection works in, and sites that join its grant later."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from integrations.catalog.base import Site
from integrations.errors import ConnectionBusy, SiteUnknown
from integrations.flows import sites
from integrations.flows.refresh import leases
from integrations.models import Action, AuditEntry, Connection
from tests.factories import ConnectionFactory, staff

if TYPE_CHECKING:
    from tests.integrations.grants import Grants

pytestmark = pytest.mark.django_db

State = Connection.State
ACME = {"id": "site-acme", "name": "acme", "url": "https://acme.example.net"}
GLOBEX = {"id": "site-globex", "name": "globex", "url": "https://globex.example.net"}


@pytest.fixture
def row() -> Connection:
    found: Connection = ConnectionFactory(sites=[ACME, GLOBEX], new_sites=[GLOBEX])
    return found


def test_a_change_pins_the_other_site_and_tells_who_did_it(row: Connection) -> None:
    user = staff(row.action.app)
    changed = sites.choose_site(row, "site-globex", actor=user)
    assert (changed.site_id, changed.site_url, changed.new_sites) == ("site-globex", GLOBEX["url"], [])
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.object, entry.details) == (user, "globex", {"before": "acme"})


def test_a_site_that_the_grant_does_not_reach_is_refused(row: Connection) -> None:
    with pytest.raises(SiteUnknown):
        sites.choose_site(row, "site-elsewhere")
    assert Connection.objects.get().site_id == "site-acme"


def test_a_renewal_in_between_makes_it_look_again(row: Connection) -> None:
    Connection.objects.update(generation=7)
    assert sites.choose_site(row, "site-globex").site_id == "site-globex"


def test_a_consent_in_between_that_lost_the_site_refuses_the_change(row: Connection) -> None:
    Connection.objects.update(generation=7, sites=[ACME])
    with pytest.raises(SiteUnknown):
        sites.choose_site(row, "site-globex")


def test_a_row_that_never_stands_still_is_said_to_be_busy(row: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "TRIES", 1)
    Connection.objects.update(generation=7)
    with pytest.raises(ConnectionBusy):
        sites.choose_site(row, "site-globex")
    with pytest.raises(ConnectionBusy):
        sites.settle(ConnectionFactory.build(pk=row.pk, generation=1, action=row.action))
    assert Connection.objects.get().site_id == "site-acme"


def test_the_first_choice_connects_mends_the_action_and_tells_who_did_it(row: Connection) -> None:
    Connection.objects.update(state=State.CHOOSING_SITE, site_id="", site_name="")
    Action.objects.update(status=Action.Status.ERROR)
    row.refresh_from_db()
    user = staff(row.action.app)
    chosen = sites.choose_site(row, "site-globex", actor=user)
    assert (chosen.state, chosen.site_id) == (State.CONNECTED, "site-globex")
    assert Action.objects.get().status == Action.Status.ENABLED
    entry = AuditEntry.objects.get(verb=AuditEntry.Verb.CONNECTED)
    assert (entry.actor, entry.object) == (user, "globex")
    assert not AuditEntry.objects.filter(verb=AuditEntry.Verb.SITE_CHANGED).exists()


def test_a_first_choice_made_twice_at_once_connects_once(row: Connection) -> None:
    Connection.objects.update(state=State.CHOOSING_SITE, site_id="", site_name="")
    one, other = Connection.objects.get(), Connection.objects.get()
    sites.choose_site(one, "site-acme")
    sites.choose_site(other, "site-globex")
    assert Connection.objects.get().site_id == "site-globex"
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [AuditEntry.Verb.CONNECTED, AuditEntry.Verb.SITE_CHANGED]


def test_a_first_choice_in_a_grant_that_was_replaced_meanwhile_is_refused(row: Connection) -> None:
    Connection.objects.update(state=State.CHOOSING_SITE, site_id="", site_name="")
    row.refresh_from_db()
    Connection.objects.update(generation=7, sites=[ACME])
    with pytest.raises(SiteUnknown):
        sites.choose_site(row, "site-globex")
    assert Connection.objects.get().state == State.CHOOSING_SITE


def test_a_choice_does_not_disturb_a_renewal_under_way(row: Connection) -> None:
    lease = leases.claim(row)
    assert lease is not None
    sites.choose_site(Connection.objects.get(), "site-globex")
    assert lease.held.exists()


def test_news_of_an_older_generation_is_not_noted(row: Connection) -> None:
    Connection.objects.update(generation=7)
    assert sites.notice(row, [Site("site-new", "initech", "https://initech.example.net")]) == []
    assert Connection.objects.get().sites == [ACME, GLOBEX]


def test_news_that_came_with_a_token_renewed_just_before_is_noted(grants: Grants) -> None:
    row = grants.connect(sites=["acme"])
    expired = timezone.now() - timedelta(seconds=1)
    Connection.objects.update(sites_looked_at=None, expires_at=expired, sites=[GLOBEX])
    sites.look(row.pk)
    found = Connection.objects.get()
    assert found.generation == row.generation + 1
    assert [site["name"] for site in found.new_sites] == ["acme"]


def test_a_site_that_joined_after_the_page_was_shown_stays_on_offer(row: Connection) -> None:
    news = {"id": "site-new", "name": "initech", "url": "https://initech.example.net"}
    Connection.objects.update(generation=7, new_sites=[GLOBEX, news])
    sites.settle(row)
    assert Connection.objects.get().new_sites == [news]


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
