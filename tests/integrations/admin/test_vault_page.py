"""Token vault: what staff see of the keeping of grants."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.admin.vault_plot import plot_of
from integrations.models import Connection
from integrations.vault.state import Minute
from tests.factories import (
    ActionFactory,
    AppFactory,
    ClientFaultFactory,
    ConnectionFactory,
    EndUserFactory,
    ProfileFactory,
    RefreshRunFactory,
    TokenRefreshFactory,
)
from xoplatform.models import EncryptionKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from xoplatform.models import App

SYSTEM = "/admin/system/vault/"
OF_APP = "/admin/apps/helpdesk/vault/"


def soon(minutes: float) -> Any:
    return timezone.now() + timedelta(minutes=minutes)


def page(client: Client, address: str = SYSTEM) -> str:
    """The page's text, blanks made one."""
    return " ".join(client.get(address).content.decode().split())


@pytest.fixture
def superuser(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("superuser")


@pytest.fixture
def elsewhere(db: None) -> Connection:
    """A connection of another App, due for long."""
    action = ActionFactory(app=AppFactory(name="Elsewhere"), enabled=True)
    found: Connection = ConnectionFactory(action=action, due_at=soon(-30), last_error="Trouble elsewhere.")
    return found


@pytest.mark.parametrize(
    ("part", "of_system", "of_app"),
    [("superuser", 200, 200), ("owner", 403, 200), ("viewer", 403, 200), ("stranger", 403, 404)],
)
def test_members_see_their_app_and_superusers_all(
    sign_in: Callable[[str], Client], part: str, of_system: int, of_app: int
) -> None:
    client = sign_in(part)
    assert client.get(SYSTEM).status_code == of_system
    assert client.get(OF_APP).status_code == of_app


def test_it_is_in_the_side_bar(superuser: Client, viewer: Client) -> None:
    assert SYSTEM in page(superuser, "/admin/")
    assert OF_APP in page(viewer, "/admin/apps/helpdesk/")
    assert SYSTEM not in page(viewer, "/admin/apps/helpdesk/")


def test_an_empty_vault_says_what_will_be_here(viewer: Client, superuser: Client) -> None:
    assert "Once an action of Helpdesk is authorized" in page(viewer, OF_APP)
    assert "Once an App is authorized" in page(superuser)
    assert "nothing was asked" in page(superuser)


def test_numbers_lead_to_what_they_count(superuser: Client, connected: Connection) -> None:
    person = EndUserFactory(app=connected.action.app)
    other = ConnectionFactory(action=connected.action, end_user=person, due_at=soon(-3))
    TokenRefreshFactory(connection=connected, open=True, started_at=soon(-2))
    told = page(superuser)
    assert "/admin/integrations/connection/?state__exact=connected" in told
    assert "the oldest was due <time" in told
    due = page(superuser, "/admin/integrations/connection/?renewal=due")
    under_way = page(superuser, "/admin/integrations/connection/?renewal=under_way")
    assert f"/connection/{connected.pk}/change/" not in due
    assert f"/connection/{other.pk}/change/" in due
    assert f"/connection/{connected.pk}/change/" in under_way
    assert f"/connection/{other.pk}/change/" not in under_way


def test_an_apps_page_tells_of_no_other_app(viewer: Client, app: App, elsewhere: Connection) -> None:
    TokenRefreshFactory(connection=elsewhere, outcome="lost")
    ClientFaultFactory(profile=ProfileFactory(app=elsewhere.action.app, name="Their registration"))
    told = page(viewer, OF_APP)
    assert "Nothing is kept yet" in told
    assert not [words for words in ("Trouble elsewhere", "Their registration", "Authorization lost") if words in told]


def test_what_waits_after_a_failure_is_grouped_by_its_reason(superuser: Client, connected: Connection) -> None:
    for _ in range(2):
        person = EndUserFactory(app=connected.action.app)
        waiting = {"due_at": soon(-3), "refresh_after": soon(5.5), "last_error": "Jira did not answer."}
        ConnectionFactory(action=connected.action, end_user=person, **waiting)
    told = page(superuser)
    assert "<strong>2</strong> <span>Jira did not answer." in told
    assert "in 5 minutes" in told


def test_a_refused_client_leads_to_where_it_is_mended(superuser: Client, app: App) -> None:
    profile = ProfileFactory(app=app, name="Our registration")
    ClientFaultFactory(profile=profile)
    told = page(superuser)
    assert "Atlassian refuses the client" in told
    assert "Mend it" in told
    assert "All that is due is being renewed" not in told


def test_a_clock_that_stands_still_is_told_on_the_page(superuser: Client, connected: Connection) -> None:
    Connection.objects.update(due_at=soon(-8))
    assert "Beat or worker does not run" in page(superuser)
    assert "Beat or worker does not run" in page(superuser, "/admin/system/health/")


def test_what_became_of_refreshes_is_told_in_words(superuser: Client, viewer: Client, connected: Connection) -> None:
    TokenRefreshFactory.create_batch(3, connection=connected, asked_ms=200, kept_ms=2.5)
    TokenRefreshFactory(connection=connected, outcome="unavailable", asked_ms=13_000, kept_ms=None)
    RefreshRunFactory(found=4, renewed=3, failed=1)
    for told in (page(superuser), page(viewer, OF_APP)):
        assert "Renewed: 3" in told
        assert "Provider not available: 1" in told
        assert "Authorization lost: " not in told
        assert "2.5 ms" in told
        assert "4 found, 3 renewed, 1 failed" in told


def test_tokens_in_use_and_idle_ones_are_told_apart(superuser: Client, connected: Connection) -> None:
    app = connected.action.app
    ConnectionFactory(action=connected.action, end_user=EndUserFactory(app=app), expires_at=soon(20), due_at=soon(10))
    for minutes in (20, 40):
        ConnectionFactory(
            action=connected.action, end_user=EndUserFactory(app=app), expires_at=soon(minutes), due_at=soon(50_000)
        )
    Connection.objects.filter(pk=connected.pk).update(expires_at=soon(90))
    told = page(superuser)
    assert "1 tokens in use and 2 idle ones end" in told
    assert told.count('<rect class="vault-used"') == 1
    assert told.count('<rect class="vault-idle"') == 2
    assert told.count('<th scope="row">') == 2


@pytest.mark.parametrize(("most", "top"), [(0, 4), (3, 4), (5, 8), (9, 20), (21, 40), (700, 800), (81_000, 200_000)])
def test_the_scale_has_round_numbers(most: int, top: int) -> None:
    plot = plot_of([Minute(timezone.now(), most, 0), Minute(timezone.now(), 0, 0)])
    assert plot.lines[-1].value == top
    assert plot.bars[0].used_top == pytest.approx(100 - most / top * 100, abs=0.01)


@pytest.mark.parametrize("address", [SYSTEM, OF_APP])
def test_more_connections_need_no_more_queries(
    superuser: Client, app: App, connected: Connection, address: str
) -> None:
    def queries() -> int:
        superuser.get(address)  # the first one counts what has ended since
        with CaptureQueriesContext(database) as captured:
            superuser.get(address)
        return len(captured)

    def add(number: int) -> None:
        for minutes in range(number):
            times = {"due_at": soon(minutes - 20), "expires_at": soon(minutes), "refresh_after": soon(minutes)}
            row = ConnectionFactory(action=connected.action, end_user=EndUserFactory(app=app), **times)
            TokenRefreshFactory(connection=row)
            ClientFaultFactory(profile=ProfileFactory(app=app))

    add(1)
    few = queries()
    add(20)
    assert queries() == few < 50


def test_a_missing_key_is_told(superuser: Client) -> None:
    EncryptionKey.objects.create(fingerprint="0123456789abcdef" * 4)
    told = page(superuser)
    assert "0123456789ab…" in told
    assert "0123456789abcdef" not in told


def test_refreshes_are_listed_with_their_reason(viewer: Client, connected: Connection, elsewhere: Connection) -> None:
    TokenRefreshFactory(connection=connected, outcome="unavailable", reason="No answer in 45 s.", ahead=True)
    TokenRefreshFactory(connection=elsewhere, reason="Not for them.")
    told = page(viewer, "/admin/integrations/tokenrefresh/?outcome__exact=unavailable")
    assert "No answer in 45 s." in told
    assert "the clock" in told
    assert "Not for them." not in page(viewer, "/admin/integrations/tokenrefresh/")


def test_a_connections_page_tells_its_last_refreshes(viewer: Client, connected: Connection) -> None:
    TokenRefreshFactory.create_batch(19, connection=connected, ahead=True, asked_ms=1234)
    TokenRefreshFactory(connection=connected, outcome="unavailable", reason="Jira was busy.", kept_ms=None)
    TokenRefreshFactory(reason="Of another connection.")
    told = page(viewer, f"/admin/integrations/connection/{connected.pk}/change/")
    assert told.count("by the clock") == 19
    assert "Jira was busy." in told
    assert "1,234 ms" in told
    assert "Of another connection." not in told
    every = page(viewer, f"/admin/integrations/tokenrefresh/?connection_id={connected.pk}")
    assert "Of another connection." not in every
    assert "Jira was busy." in every


def test_a_connection_that_was_never_refreshed_says_when_it_will_be(viewer: Client, connected: Connection) -> None:
    assert "None lately." in page(viewer, f"/admin/integrations/connection/{connected.pk}/change/")
