"""Whose grant goes where: sessions mixed up, links passed on, one account for two people, two Apps and one account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from integrations import errors, link_errors
from integrations.flows import authorize, holding, links
from integrations.flows.call import call
from integrations.flows.refresh import access_token
from integrations.models import AuthorizationAttempt, Connection, HeldGrant
from tests.factories import EndUserFactory, staff
from tests.integrations.grants import Trip
from tests.integrations.visits import Visit, personal_action

if TYPE_CHECKING:
    from django.conf import LazySettings

    from integrations.models import Action
    from tests.sandbox import Sandbox
    from xoplatform.models import EndUser

pytestmark = pytest.mark.django_db


def read_issue(action: Action, end_user: EndUser, key: str = "DEMO-1") -> Any:
    return call(
        app_id=action.app_id,
        end_user_id=end_user.pk,
        provider="jira",
        operation="getIssue",
        parameters={"issueIdOrKey": key},
        body=None,
        timeout=10,
    )


def test_another_browser_cannot_finish_what_one_began(atlassian: Sandbox) -> None:
    visit = Visit(atlassian).begin()
    back = visit.consent()
    with pytest.raises(errors.OtherBrowser):
        authorize.finish(back, session={})
    assert not HeldGrant.objects.exists()
    assert visit.come_back(back).outcome == "confirming"


def test_a_stolen_address_with_a_code_connects_nobody_elses_browser(atlassian: Sandbox) -> None:
    """Mallory sends Ada the address at which Mallory's own authorization would be finished."""
    mallory, ada = Visit(atlassian), Visit(atlassian)
    back = mallory.begin().consent(person="dee")
    ada.begin()
    with pytest.raises(errors.OtherBrowser):
        authorize.finish(back, session=ada.session)
    assert not Connection.objects.exists()
    assert not HeldGrant.objects.exists()


def test_a_code_brought_back_under_anothers_state_is_refused_by_the_provider_proof(atlassian: Sandbox) -> None:
    """The code of Mallory's consent, put into Ada's own address: PKCE ties the code to the attempt that asked."""
    atlassian.switch(verify_pkce=True)
    mallory, ada = Visit(atlassian), Visit(atlassian)
    stolen = mallory.begin().consent(person="dee")
    mine = ada.begin().consent()
    with pytest.raises(errors.TeamMustMend):
        ada.come_back({**mine, "code": stolen["code"]})
    assert not HeldGrant.objects.exists()


def test_two_links_in_one_browser_do_not_mix(atlassian: Sandbox) -> None:
    browser: dict[str, Any] = {}
    action = personal_action()
    ada = Visit(atlassian, action, EndUserFactory(app=action.app), session=browser).begin()
    dee = Visit(atlassian, action, EndUserFactory(app=action.app), session=browser).begin()
    of_ada, of_dee = ada.consent(person="ada"), dee.consent(person="dee")
    second, first = dee.come_back(of_dee), ada.come_back(of_ada)
    holding.confirm(first)
    holding.confirm(second)
    accounts = {row.end_user_id: row.account_name for row in Connection.objects.all()}
    assert accounts == {ada.end_user.pk: "Ada Ames", dee.end_user.pk: "Dee Dow"}


def test_the_grant_goes_to_the_links_person_whoever_of_the_staff_is_signed_in(atlassian: Sandbox) -> None:
    visit = Visit(atlassian).begin()
    attempt = authorize.finish(visit.consent(), session=visit.session, user=staff(visit.action.app))
    holding.confirm(attempt)
    row = Connection.objects.get()
    assert row.end_user == visit.end_user


def test_a_members_trip_never_becomes_a_persons_connection(atlassian: Sandbox) -> None:
    trip = Trip(atlassian, personal_action()).begin()
    Visit(atlassian, trip.action, session=trip.session).begin()
    trip.finish(trip.consent())
    assert list(Connection.objects.values_list("end_user", flat=True)) == [None]


def test_a_link_that_was_used_cannot_be_begun_again(atlassian: Sandbox) -> None:
    visit = Visit(atlassian)
    visit.connect()
    with pytest.raises(link_errors.LinkUsed):
        visit.begin({})
    assert Connection.objects.get().generation == 1


def test_a_consent_that_comes_back_after_the_link_was_used_elsewhere_is_refused(atlassian: Sandbox) -> None:
    visit = Visit(atlassian).begin()
    back, here = visit.consent(person="dee"), visit.session
    visit.session = {}
    visit.connect()
    with pytest.raises(link_errors.LinkUsed):
        authorize.finish(back, session=here)
    assert Connection.objects.get().account_name == "Ada Ames"


def test_a_replayed_return_changes_nothing(atlassian: Sandbox) -> None:
    visit = Visit(atlassian).begin()
    back = visit.consent()
    holding.confirm(visit.come_back(back))
    with pytest.raises(errors.StateUsed):
        visit.come_back(back)
    assert Connection.objects.get().generation == 1
    assert AuthorizationAttempt.objects.get().outcome == "connected"


def test_one_account_for_two_people_gives_each_a_grant_of_their_own(atlassian: Sandbox) -> None:
    action = personal_action()
    first, second = Visit(atlassian, action), Visit(atlassian, action)
    one, other = first.connect(), second.connect()
    assert one.account_id == other.account_id
    assert one.access_token != other.access_token
    assert one.refresh_token != other.refresh_token
    Connection.objects.filter(pk=one.pk).update(expires_at="2020-01-01T00:00:00Z")
    access_token(one.pk)
    other.refresh_from_db()
    assert other.generation == 1
    for person in (first.end_user, second.end_user):
        assert read_issue(action, person).outcome == "answered"


def test_ending_one_persons_connection_leaves_the_other_of_the_same_account(atlassian: Sandbox) -> None:
    action = personal_action()
    first, second = Visit(atlassian, action), Visit(atlassian, action)
    first.connect().delete()
    second.connect()
    assert read_issue(action, first.end_user).outcome == "authorization_required"
    assert read_issue(action, second.end_user).outcome == "answered"


def test_nobody_acts_with_another_persons_grant(atlassian: Sandbox) -> None:
    visit = Visit(atlassian)
    visit.connect()
    stranger = EndUserFactory(app=visit.action.app)
    assert read_issue(visit.action, stranger).outcome == "authorization_required"
    nobody = call(
        app_id=visit.action.app_id, end_user_id=None, provider="jira", operation="getIssue",
        parameters={"issueIdOrKey": "DEMO-1"}, body=None, timeout=10,
    )  # fmt: skip
    assert nobody.outcome == "authorization_required"


def test_two_apps_and_one_account_pin_a_site_each(atlassian: Sandbox) -> None:
    """Atlassian keeps one grant per app and account, so both tokens reach both sites; each connection only its own."""
    acme, globex = atlassian.cloud_id("acme"), atlassian.cloud_id("globex")
    helpdesk, sales = Visit(atlassian), Visit(atlassian)
    one = helpdesk.connect(person="ben", sites=("acme",))
    other = sales.connect(globex, person="ben", sites=("globex",))
    assert (one.site_id, other.site_id) == (acme, globex)
    assert read_issue(helpdesk.action, helpdesk.end_user, "DEMO-1").status_code == 200
    assert read_issue(helpdesk.action, helpdesk.end_user, "GLX-1").status_code == 404
    assert read_issue(sales.action, sales.end_user, "GLX-1").status_code == 200
    assert read_issue(sales.action, sales.end_user, "DEMO-1").status_code == 404


def test_a_site_that_the_grant_does_not_hold_is_refused_before_anything_leaves(atlassian: Sandbox) -> None:
    visit = Visit(atlassian)
    row = visit.connect()
    Connection.objects.filter(pk=row.pk).update(site_id=atlassian.cloud_id("globex"), site_name="globex")
    atlassian.forget_counts()
    assert read_issue(visit.action, visit.end_user).outcome == "refused"
    assert not atlassian.counts()["requests"].get("getIssue")


def test_a_person_without_a_site_is_told_and_the_link_stays(atlassian: Sandbox) -> None:
    visit = Visit(atlassian)
    with pytest.raises(errors.NoSite):
        visit.consented(person="hana", sites=("notes",))
    assert visit.begin().url


def test_a_wrong_secret_is_the_teams_to_mend_and_names_no_setting(atlassian: Sandbox, settings: LazySettings) -> None:
    visit = Visit(atlassian).begin()
    back = visit.consent()
    settings.XO_JIRA_CLIENT_SECRET = "wrong"
    with pytest.raises(errors.TeamMustMend, match="team behind") as found:
        visit.come_back(back)
    assert "XO_" not in found.value.message
    assert links.resolve(visit.address.rstrip("/").rsplit("/", 1)[1]) == visit.link


def test_a_provider_out_of_reach_leaves_the_link_as_it_is(atlassian: Sandbox) -> None:
    visit = Visit(atlassian).begin()
    back = visit.consent()
    atlassian.fault("cut_before", on="token", times=None)
    with pytest.raises(errors.ProviderUnavailable):
        visit.come_back(back)
    atlassian.lift_faults()
    assert visit.connect().usable
