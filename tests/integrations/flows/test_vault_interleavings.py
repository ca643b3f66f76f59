"""Everything that may write a grant's tokens, step by step in any order, against a provider that forgets nothing.

The functions are the real ones, the database too. Only the network is played: each request's fate is drawn.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from integrations.catalog.base import Account, Site
from integrations.errors import GrantLost
from integrations.flows import refresh
from integrations.flows.grants import keep_grant
from integrations.flows.refresh import leases, owners, renewal
from integrations.flows.sites import choose_site
from integrations.models import Connection
from tests.factories import ActionFactory
from xoplatform.core import http
from xoplatform.core.errors import PlatformError
from xoplatform.encryption import reencryption

from .provider_model import WAYS, Line, ProviderModel

if TYPE_CHECKING:
    import requests

    from integrations.flows.refresh.leases import Lease
    from integrations.flows.refresh.renewal import Answer

KEYS = ("dGVzdHMtb25seS1rZXktdGVzdHMtb25seS1rZXktMTI=", "YW5vdGhlci1rZXktYW5vdGhlci1rZXktYW5vdGhlci0=")
SITES = [Site("site-1", "one", "https://one.example.net"), Site("site-2", "two", "https://two.example.net")]
#: Where the consents of each person reach.
REACH = {"ben": SITES, "ada": SITES[:1]}
ACTORS = st.integers(0, 2)


@dataclass
class Actor:
    """A process that renews, as far as it has come."""

    owner: str
    row: Connection | None = None
    lease: Lease | None = None
    answer: Answer | None = None
    #: Whether the lease ended while it was at work.
    too_late: bool = False

    def start_over(self) -> None:
        self.row, self.lease, self.answer, self.too_late = None, None, None, False


@dataclass
class Scene:
    """What a machine's fake parts look at."""

    provider: ProviderModel
    ways: list[str] = field(default_factory=list)
    owner: str = ""
    dead: set[str] = field(default_factory=set)


class Vault(RuleBasedStateMachine):
    """Three processes that renew, consents, a site's change and a rotation of the keys."""

    strict = False

    def __init__(self) -> None:
        super().__init__()
        self.scene = Scene(ProviderModel(strict=self.strict))
        self.provider = self.scene.provider
        self.patch = pytest.MonkeyPatch()
        self.rows = transaction.atomic()
        self.rows.__enter__()
        self.patch.setattr(http.GuardedAdapter, "send", lambda _, request, **options: self.send(request, **options))
        self.patch.setattr(owners, "me", lambda: self.scene.owner)
        self.patch.setattr(owners, "is_dead", lambda owner: owner in self.scene.dead)
        self.actors = [Actor(f"process-{number}") for number in range(3)]
        self.elsewhere: list[Actor] = []
        self.born = 3
        self.page: dict[str, reencryption.Page] = {}
        self.generation, self.consented = 0, Line("", "")
        self.site_row: Connection | None = None

    def teardown(self) -> None:
        try:
            if self.generation:
                self._comes_to_rest()
        finally:
            self.patch.undo()
            transaction.set_rollback(True)
            self.rows.__exit__(None, None, None)

    def send(self, request: Any, *, timeout: float, **_: Any) -> requests.Response:
        assert timeout > 0, "a request left after the deadline of its lease"
        shown = json.loads(request.body)["refresh_token"]
        return self.provider.request(shown, self.scene.ways.pop(0) if self.scene.ways else "answered")

    @property
    def idle(self) -> list[Actor]:
        return [each for each in self.actors if each.lease is None]

    @property
    def silent(self) -> list[Actor]:
        """Those that may ask and have not."""
        return [each for each in self.actors if each.lease is not None and each.answer is None]

    @property
    def told(self) -> list[Actor]:
        """Those that hold an answer in hand."""
        return [each for each in self.actors if each.answer is not None]

    # --- What happens ---------------------------------------------------------------------

    @initialize()
    def connected(self) -> None:
        self.action = ActionFactory(enabled=True)
        self.consents("ben")

    @rule(person=st.sampled_from(sorted(REACH)))
    def consents(self, person: str) -> None:
        """Somebody authorizes the App anew, whatever is under way."""
        tokens = self.provider.consent(person)
        account = Account(f"account-{person}", person.title(), f"{person}@example.com")
        keep_grant(
            self.action, None, tokens, account, REACH[person],
            kind=Connection.Kind.OAUTH, client_id="sandbox-client", site_id="site-1",
        )  # fmt: skip
        self.consented = self.provider.lines[-1]

    @precondition(lambda self: self.idle)
    @rule(number=ACTORS)
    def reads(self, number: int) -> None:
        self.idle[number % len(self.idle)].row = self._row()

    @precondition(lambda self: self.idle)
    @rule(number=ACTORS, ahead=st.booleans())
    def claims(self, number: int, *, ahead: bool) -> None:
        """With whatever it has read, however long ago; without having read before, it does so now."""
        actor = self.idle[number % len(self.idle)]
        actor.row = actor.row or self._row()
        self.scene.owner = actor.owner
        actor.lease = leases.claim(actor.row, ahead=ahead)
        if actor.lease is None:
            actor.row = None
            return
        assert actor.row.generation == self._row().generation, "an overtaken reader got the lease"
        others = [each for each in (*self.actors, *self.elsewhere) if each is not actor and not each.too_late]
        rivals = [each for each in others if each.lease and each.lease.row.generation == actor.row.generation]
        assert not rivals, "two renew the same generation at once"

    @precondition(lambda self: self.silent)
    @rule(number=ACTORS, ways=st.lists(st.sampled_from((*["answered"] * 6, *WAYS)), min_size=2, max_size=2))
    def asks(self, number: int, ways: list[str]) -> None:
        actor = self.silent[number % len(self.silent)]
        assert actor.lease is not None
        before, shown = self._row(), len(self.provider.shown)
        self.scene.ways = list(ways)
        actor.answer = renewal.ask(actor.lease)
        sent = self.provider.shown[shown:]
        mine = actor.lease.row.refresh_token.reveal()
        assert set(sent) <= {mine}, "another token was shown than that of the claimed generation"
        if before.generation == actor.lease.row.generation:
            assert mine == before.refresh_token.reveal(), "not the token that is stored"
        assert not (actor.too_late and sent), "asked although its time was over"

    @precondition(lambda self: self.told)
    @rule(number=ACTORS)
    def keeps(self, number: int) -> None:
        """Writes what it was told, however late."""
        actor = self.told[number % len(self.told)]
        assert actor.lease is not None
        assert actor.answer is not None
        before = self._row()
        outcome = renewal.keep(actor.lease, actor.answer)
        if before.generation != actor.lease.row.generation or before.lease_token != actor.lease.token:
            after = self._row()
            assert (after.generation, after.state) == (before.generation, before.state), "a late answer was written"
            assert outcome == "superseded" or actor.answer.tokens is None
            self._excuse(actor)
        actor.start_over()

    @precondition(lambda self: any(actor.lease for actor in self.actors))
    @rule(number=ACTORS, seen=st.booleans())
    def dies(self, number: int, *, seen: bool) -> None:
        """Its later steps never happen. ``seen``: on this machine, so that others can tell."""
        actor = self.actors[number]
        self._excuse(actor)
        self.actors[number] = Actor(f"process-{self.born}")
        self.born += 1
        if seen:
            self.scene.dead.add(actor.owner)
        else:
            self.elsewhere.append(actor)  # of which nobody knows: its lease is in the way until it ends

    @rule()
    def leases_end(self) -> None:
        """So much time passes that whoever still has a lease has it no longer."""
        Connection.objects.exclude(lease_until=None).update(lease_until=timezone.now() - timedelta(seconds=1))
        for actor in (*self.actors, *self.elsewhere):
            if actor.lease is not None:
                actor.too_late = True
                object.__setattr__(actor.lease, "deadline", 0.0)

    @rule()
    def failures_are_rested(self) -> None:
        Connection.objects.update(refresh_after=None)

    @precondition(lambda self: self.provider.waiting)
    @rule()
    def a_late_request_is_carried_out(self) -> None:
        self.provider.late_one_acts()

    @rule(site=st.sampled_from([site.id for site in SITES]))
    def site_is_changed(self, site: str) -> None:
        """On a page that shows the grant as it was when it was opened, maybe long ago."""
        if self.site_row is None:
            self.site_row = self._row()
            return
        with suppress(PlatformError):  # said to the person; what is stored is looked at below
            choose_site(self.site_row, site)
        self.site_row = None

    @rule()
    def keys_are_rotated(self) -> None:
        """A page of each column is read and encrypted anew, and the next time written, whatever came between."""
        if not self.page:
            self.patch.setattr("django.conf.settings.XO_ENCRYPTION_KEYS", [KEYS[1], KEYS[0]])
            self.page = {name: reencryption.read(_column(name), "") for name in ("access_token", "refresh_token")}
            return
        for name, page in self.page.items():
            reencryption.write(_column(name), page)
        self.page = {}

    # --- What always holds ----------------------------------------------------------------

    @invariant()
    def nothing_is_lost_or_mixed_up(self) -> None:
        if not self.consented.person:
            return
        row = self._row()
        assert row.generation >= self.generation, "the generation went back"
        self.generation = row.generation
        line = self.provider.line_of(row)
        assert line is self.consented, "an older grant has overwritten a newer consent"
        assert row.account_id == f"account-{line.person}"
        assert row.site_id in {site.id for site in REACH[line.person]}
        if row.state == Connection.State.NEEDS_AUTHORIZATION:
            assert not self.provider.accepts(row.refresh_token.reveal()), "marked although the provider would accept it"
            assert self.strict, "lost under leeway"
            assert line.excuse, "lost without any answer having been lost"
            assert row.last_error

    def _comes_to_rest(self) -> None:
        """All processes are gone, all failures over: the next caller gets a token that works."""
        for number in range(3):
            self.dies(number, seen=True)
        self.scene.dead |= {f"process-{number}" for number in range(self.born)}
        self.scene.owner, self.scene.ways = "last", []
        Connection.objects.update(refresh_after=None, expires_at=timezone.now() - timedelta(seconds=1))
        row = self._row()
        try:
            token = refresh.access_token(row.pk, budget=5)
        except GrantLost:
            self.nothing_is_lost_or_mixed_up()
            assert self._row().state == Connection.State.NEEDS_AUTHORIZATION
            return
        assert self.provider.of_access[token.value.reveal()] is self.consented
        self.nothing_is_lost_or_mixed_up()

    def _excuse(self, actor: Actor) -> None:
        """Its answer is stored by nobody: under *strict* that may cost the grant."""
        if actor.answer is not None and actor.answer.tokens is not None and actor.lease is not None:
            self.provider.of_refresh[actor.lease.row.refresh_token.reveal()].excuse = "not stored"

    def _row(self) -> Connection:
        return Connection.objects.select_related("action__app", "action__profile").get(action=self.action)


def _column(name: str) -> Any:
    return Connection._meta.get_field(name)


class StrictVault(Vault):
    """A provider for whom the second use of a token ends the grant."""

    strict = True


def explore(machine: type[Vault], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            # A failing order is told as it was found: to shrink it takes minutes.
            phases=(Phase.generate,),
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture(autouse=True)
def installed(settings: Any) -> None:
    settings.XO_ATLASSIAN_AUTH_URL = settings.XO_ATLASSIAN_API_URL = "http://127.0.0.1:9"
    settings.XO_JIRA_CLIENT_ID, settings.XO_JIRA_CLIENT_SECRET = "sandbox-client", "sandbox-secret"
    settings.XO_ENCRYPTION_KEYS = [KEYS[0]]


@pytest.mark.django_db
@pytest.mark.parametrize("machine", [Vault, StrictVault])
def test_no_order_of_steps_loses_or_mixes_up_a_grant(machine: type[Vault]) -> None:
    explore(machine, int(os.environ.get("XO_VAULT_EXAMPLES", "16")), 50)


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize("machine", [Vault, StrictVault])
def test_no_order_of_many_steps_does_either(machine: type[Vault]) -> None:
    explore(machine, 1000, 60)
