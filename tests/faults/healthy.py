"""After a round: a process with which nothing is wrong asks for a token, makes a call, and again an hour later."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.conf import settings

from integrations import api
from integrations.errors import GrantLost, ProviderUnavailable, RefreshBusy
from integrations.flows import keeping, refresh
from integrations.models import Action, Connection, TokenRefresh
from xoplatform.core.errors import PlatformError

from .actors import connect, rotate_keys
from .effects import Effects, close_connections
from .plan import Actor
from .stage import KEYS, age, digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from .plan import Round
    from .stage import Consent, Scene

#: Seconds after which a grant that neither works nor is marked counts as stuck.
PATIENCE = 15.0
HOUR = 3601.0
#: Longer than the provider's leeway for a token whose successor did not arrive.
QUIET = 660.0


def check(scene: Scene, plan: Round, again: Consent | None) -> Callable[[int], None]:
    """Tells one line `verdict`: how it ended, and what is stored then. `again` is for rounds that left nothing."""

    def work(log: int) -> None:
        effects = Effects("healthy", Actor("refresh"), log)
        effects.install()
        if any(actor.verb == "rotate" for actor in plan.actors):
            settings.XO_ENCRYPTION_KEYS = [KEYS[1], KEYS[0]]
            rotate_keys()  # once more, now that all processes have the new key: what others stored meanwhile is found
            settings.XO_ENCRYPTION_KEYS = [KEYS[1]]
        effects.tell("verdict", **_judge(effects, scene, plan, again))
        close_connections()

    return work


def _judge(effects: Effects, scene: Scene, plan: Round, again: Consent | None) -> dict[str, Any]:
    row = scene.connection()
    if again is not None and (row is None or not row.usable):
        left = "nothing" if row is None else str(row.state)
        connect(again, scene.sites["acme"])
        return {**_both_times(scene), "left": left}
    if row is None:
        return {"ended": "gone"}
    if plan.quiet:
        _nobody_asks(effects, scene, row)
    return _both_times(scene)


def _nobody_asks(effects: Effects, scene: Scene, row: Connection) -> None:
    """Only the clock's run looks at the grant, until a lost answer could not be asked for again any more."""
    effects.tell("clock", **asdict(keeping.keep_alive(budget=PATIENCE)))
    scene.sandbox.advance(QUIET)
    age(row.pk, QUIET)


def _both_times(scene: Scene) -> dict[str, Any]:
    seen = _once(scene)
    if seen["ended"] != "works":
        return seen
    row = scene.connection()
    assert row is not None
    scene.sandbox.advance(HOUR)
    age(row.pk, HOUR)
    scene.sandbox.forget_counts()
    later = _once(scene)
    requests = scene.sandbox.counts()["requests"]
    # A token that has ended is never sent: it is known to have ended.
    later["calls"] = requests.get("getCurrentUser", 0)
    return later


def _once(scene: Scene) -> dict[str, Any]:
    """Asks for a token until there is one or the grant is said to be lost, and makes one call with it."""
    row = scene.connection()
    assert row is not None
    give_up, trouble = time.monotonic() + PATIENCE, ""
    while time.monotonic() < give_up:
        try:
            refresh.access_token(row.pk, budget=5)
        except GrantLost:
            return _seen(scene, "lost")
        except (ProviderUnavailable, RefreshBusy) as error:
            trouble = error.message
            time.sleep(0.1)
        except PlatformError as error:
            return _seen(scene, f"error {error.code}")
        else:
            ended = _call(row)
            after = scene.connection()
            lost = after is not None and after.state == Connection.State.NEEDS_AUTHORIZATION
            return _seen(scene, "lost" if lost else ended)
    return {**_seen(scene, "stuck"), "trouble": trouble}


def _call(row: Connection) -> str:
    Action.objects.filter(pk=row.action_id, status=Action.Status.AVAILABLE).update(status=Action.Status.ENABLED)
    result = api.call_operation(
        app_id=row.action.app_id,
        end_user_id=row.end_user_id,
        provider="jira",
        operation="getCurrentUser",
        parameters={},
        body=None,
        timeout=10,
    )
    if result.outcome == "answered" and result.status_code == 200:
        return "works"
    return f"call: {result.outcome} {result.status_code} {result.message[:200]}"


def _seen(scene: Scene, ended: str) -> dict[str, Any]:
    row = scene.connection()
    assert row is not None
    intents = TokenRefresh.objects.filter(connection=row)
    return {
        "ended": ended,
        "state": row.state,
        "reason": row.last_error,
        "account": row.account_id,
        "site": row.site_id,
        "sites": [site["id"] for site in row.sites],
        "generation": row.generation,
        "refresh_token": digest(row.refresh_token),
        "access_token": digest(row.access_token),
        "open_intents": intents.filter(ended_at=None).count(),
        "kept_ms": [each for each in intents.values_list("kept_ms", flat=True) if each is not None],
    }
