"""The clock's run: in time, fair, bounded, one at a time, and in vain only a few times."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections
from django.db.backends.signals import connection_created
from django.utils import timezone

from integrations import jobs
from integrations.flows import keeping
from integrations.flows.keeping import lanes, waiting
from integrations.flows.refresh import owners
from integrations.models import Action, ClientFault, Connection, RefreshRun
from tests.factories import ActionFactory, ConnectionFactory, EndUserFactory, ProfileFactory, RefreshRunFactory
from tests.loopback import serving

from .token_endpoint import TokenEndpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.conf import LazySettings

pytestmark = pytest.mark.django_db(transaction=True)

State = Connection.State


@pytest.fixture(autouse=True)
def client(settings: LazySettings) -> None:
    settings.XO_JIRA_CLIENT_ID, settings.XO_JIRA_CLIENT_SECRET = "sandbox-client", "sandbox-secret"


@pytest.fixture
def endpoint(settings: LazySettings) -> Iterator[TokenEndpoint]:
    """Where the installation's own client refreshes."""
    with listening() as found:
        settings.XO_ATLASSIAN_AUTH_URL = found[1]
        yield found[0]


@contextmanager
def listening(hold: Callable[[TokenEndpoint], object] = lambda _endpoint: None) -> Iterator[tuple[TokenEndpoint, str]]:
    endpoint = TokenEndpoint(hold)
    with serving(endpoint) as url:
        yield endpoint, url


def due(number: int, action: Action | None = None, *, ago: float = 1, **columns: Any) -> list[Connection]:
    """So many connections of one App that fell due so many seconds ago."""
    action = action or ActionFactory(enabled=True)
    usual = {"due_at": timezone.now() - timedelta(seconds=ago), "sites_looked_at": timezone.now()}
    return [
        ConnectionFactory(action=action, end_user=EndUserFactory(app=action.app), **{**usual, **columns})
        for _ in range(number)
    ]


def own_client(url: str) -> Action:
    """An action whose App has its own registration, with a token endpoint at this address."""
    action: Action = ActionFactory(enabled=True, card=Action.Card.CUSTOM)
    action.profile = ProfileFactory(app=action.app, client_id="sandbox-client", token_url=f"{url}/oauth/token")
    action.profile.content_type = "application/json"
    action.profile.save()
    action.save()
    return action


def generations() -> Counter[int]:
    return Counter(Connection.objects.values_list("generation", flat=True))


def test_what_is_due_is_renewed_once_and_the_run_is_written_down(endpoint: TokenEndpoint) -> None:
    due(12)
    due(1, ago=-60)
    kept = keeping.keep_alive()
    assert (kept.found, len(kept.renewed), kept.failed, kept.more) == (12, 12, 0, False)
    assert generations() == {2: 12, 1: 1}
    assert set(endpoint.asked.values()) == {1}
    run = RefreshRun.objects.get()
    assert (run.found, run.renewed, run.failed) == (12, 12, 0)
    assert run.ended_at is not None
    assert run.owner == owners.me()


def test_a_beat_with_nothing_due_asks_one_question_and_writes_nothing(django_assert_num_queries: Any) -> None:
    due(3, ago=-60)
    with django_assert_num_queries(1):
        assert keeping.keep_alive() == keeping.Kept()
    assert not RefreshRun.objects.exists()


def test_an_app_with_many_due_does_not_hold_up_one_with_few() -> None:
    many, few = due(40, ago=500), due(3, ago=1)
    rows = Connection.objects.in_bulk(row.connection_id for row in waiting.look())
    apps = [rows[row.connection_id].action.app_id for row in waiting.look()]
    assert apps[:6].count(few[0].action.app_id) == 3
    assert apps[6:] == [many[0].action.app_id] * 37


def test_the_few_are_renewed_among_the_first(endpoint: TokenEndpoint, settings: LazySettings) -> None:
    settings.XO_REFRESHES_PER_HOST = 2
    due(30, ago=500)
    few = {row.refresh_token.reveal() for row in due(3)}
    keeping.keep_alive()
    last = max(endpoint.order.index(token) for token in few)
    assert last < 10


def test_those_that_wait_out_a_failure_or_are_lost_are_left_alone(endpoint: TokenEndpoint) -> None:
    due(1, refresh_after=timezone.now() + timedelta(minutes=1))
    due(1, state=State.NEEDS_AUTHORIZATION)
    due(1, refresh_after=timezone.now() - timedelta(minutes=1))
    keeping.keep_alive()
    assert generations() == {1: 2, 2: 1}


def test_a_host_is_asked_by_so_many_at_a_time_and_no_more(settings: LazySettings) -> None:
    settings.XO_REFRESHES_PER_HOST = 4

    def until_four_are_there(endpoint: TokenEndpoint) -> None:
        if 4 <= endpoint.asked.total() <= 20:  # the first ones go alone, the last ones have nobody left beside them
            endpoint.wait_until(lambda: endpoint.most_at_once >= 4)

    with listening(until_four_are_there) as (endpoint, url):
        settings.XO_ATLASSIAN_AUTH_URL = url
        due(24)
        keeping.keep_alive()
    assert endpoint.most_at_once == 4
    assert generations() == {2: 24}


def test_a_host_that_does_not_answer_does_not_hold_up_another(endpoint: TokenEndpoint) -> None:
    others_done: list[bool] = []

    def slowly(_slow: TokenEndpoint) -> None:
        others_done.append(endpoint.wait_until(lambda: endpoint.asked.total() == 10))

    with listening(slowly) as (slow, url):
        due(3, own_client(url), ago=900)
        due(10, ago=1)
        keeping.keep_alive()
    assert others_done[0]
    assert slow.asked.total() == 3
    assert generations() == {2: 13}


def test_a_host_that_is_down_is_asked_a_few_times_only(endpoint: TokenEndpoint, settings: LazySettings) -> None:
    with listening() as (down, url):
        down.refuse = 503, {}
        due(60, own_client(url), ago=900)
        due(10)
        kept = keeping.keep_alive()
    assert down.asked.total() <= 2 * lanes.SILENCES  # a renewal may repeat a request that was answered badly
    assert (len(kept.renewed), kept.failed) == (10, lanes.SILENCES)
    assert generations() == {1: 60, 2: 10}


def test_a_host_that_begins_to_fail_gets_fewer_at_a_time_and_then_a_rest(endpoint: TokenEndpoint) -> None:
    due(60)

    def fail_from_the_twentieth(_endpoint: TokenEndpoint) -> None:
        if endpoint.asked.total() >= 20:
            endpoint.refuse = 500, {}

    endpoint._hold = fail_from_the_twentieth
    kept = keeping.keep_alive()
    assert 15 <= len(kept.renewed) <= 20
    assert kept.failed <= lanes.SILENCES + 8  # those that were under way with the last one


def test_a_refused_client_is_used_once_and_its_connections_are_left_as_they_are(endpoint: TokenEndpoint) -> None:
    with listening() as (refusing, url):
        refusing.refuse = 401, {"error": "access_denied", "error_description": "Unauthorized"}
        due(20, own_client(url), ago=900)
        due(5)
        keeping.keep_alive()
        keeping.keep_alive()
        assert refusing.asked.total() == 1
    assert generations() == {1: 20, 2: 5}
    assert set(Connection.objects.values_list("state", flat=True)) == {State.CONNECTED}
    assert ClientFault.objects.count() == 1


def test_an_action_without_a_client_costs_no_request_and_stops_nobody(endpoint: TokenEndpoint) -> None:
    without = own_client("http://127.0.0.1:9")
    Action.objects.filter(pk=without.pk).update(profile=None)
    due(4, without, ago=900)
    due(2)
    assert len(keeping.keep_alive().renewed) == 2


def test_two_beats_at_once_are_one_run(settings: LazySettings) -> None:
    second: list[keeping.Kept] = []

    def beat_again(_endpoint: TokenEndpoint) -> None:
        if not second:
            second.append(keeping.Kept(found=-1))
            second[0] = keeping.keep_alive()
            connections.close_all()

    with listening(beat_again) as (endpoint, url):
        settings.XO_ATLASSIAN_AUTH_URL = url
        due(6)
        kept = keeping.keep_alive()
    assert second == [keeping.Kept()]
    assert kept.found == len(kept.renewed) == 6
    assert set(endpoint.asked.values()) == {1}
    assert RefreshRun.objects.count() == 1


def test_of_many_that_open_a_run_in_one_instant_one_does(endpoint: TokenEndpoint) -> None:
    due(8)
    together = threading.Barrier(4)

    def beat() -> int:
        together.wait()
        try:
            return len(keeping.keep_alive().renewed)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        renewed = [beat.result() for beat in [pool.submit(beat) for _ in range(4)]]
    assert sum(renewed) == 8
    assert set(endpoint.asked.values()) == {1}


def test_after_an_hour_without_a_beat_everything_is_made_up_for(endpoint: TokenEndpoint) -> None:
    ended = timezone.now() - timedelta(minutes=10)
    due(15, ago=3600, expires_at=ended)
    assert len(keeping.keep_alive().renewed) == 15
    assert not Connection.objects.filter(expires_at__lte=timezone.now()).exists()


def dead() -> str:
    """The name of a process of this machine that has surely ended: the first one's, started at another time."""
    machine = owners.me().rsplit("/", 2)[0]
    return f"{machine}/1/1"


def test_the_run_of_a_killed_process_is_taken_over_at_once(endpoint: TokenEndpoint) -> None:
    left = RefreshRunFactory(owner=dead(), until=timezone.now() + timedelta(minutes=1), ended_at=None)
    due(2)
    assert len(keeping.keep_alive().renewed) == 2
    left.refresh_from_db()
    assert left.ended_at is not None


@pytest.mark.parametrize(("until", "renewed"), [(30, 0), (-1, 2)])
def test_the_run_of_another_machine_is_taken_over_when_it_does_not_tell_of_itself(
    until: int, renewed: int, endpoint: TokenEndpoint
) -> None:
    RefreshRunFactory(owner="elsewhere/1/1", until=timezone.now() + timedelta(seconds=until), ended_at=None)
    due(2)
    assert len(keeping.keep_alive().renewed) == renewed


def test_a_run_that_was_taken_over_begins_nothing_more(
    endpoint: TokenEndpoint, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    from integrations.flows.keeping import run

    monkeypatch.setattr(run, "LOOK_EVERY", 0.0)
    settings.XO_REFRESHES_PER_HOST = 1

    def take_over(_endpoint: TokenEndpoint) -> None:
        RefreshRun.objects.update(ended_at=timezone.now())
        connections.close_all()

    endpoint._hold = take_over
    due(20)
    kept = keeping.keep_alive()
    assert not kept.more
    assert kept.found < 20
    assert endpoint.asked.total() == kept.found


def test_a_run_without_time_left_asks_for_another_one_at_once(
    endpoint: TokenEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(jobs.keep_alive, "apply_async", lambda *given, **_: sent.append(given))
    due(20)
    monkeypatch.setattr(keeping, "keep_alive", partial(keeping.keep_alive, budget=0.0))
    first = jobs.keep_alive()
    assert first < 20
    assert len(sent) == 1
    monkeypatch.undo()
    assert first + jobs.keep_alive() == 20
    assert generations() == {2: 20}


def test_a_worker_that_is_to_end_begins_nothing_more(endpoint: TokenEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    from integrations.flows.keeping import run

    monkeypatch.setattr(run, "LOOK_EVERY", 0.0)
    due(20)
    kept = keeping.keep_alive(stopping=lambda: True)
    assert len(kept.renewed) < 20
    assert generations()[2] == len(kept.renewed)  # what was under way was stored


def test_no_thread_keeps_a_database_connection(endpoint: TokenEndpoint) -> None:
    made: list[Any] = []

    def note(connection: Any, **_: Any) -> None:
        if threading.current_thread().name == "keeping":
            made.append(connection)

    connection_created.connect(note)
    due(10)
    keeping.keep_alive()
    connection_created.disconnect(note)
    assert made
    assert [wrapper.connection for wrapper in made] == [None] * len(made)
    assert "keeping" not in {thread.name for thread in threading.enumerate()}
