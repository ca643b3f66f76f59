"""What the processes of a round do, each in a process of its own."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings

from integrations.flows import holding, refresh
from integrations.flows.sites import choose_site
from integrations.models import Connection
from tests.integrations.grants import Trip
from xoplatform.core.errors import PlatformError
from xoplatform.encryption import keys, rotation

from .effects import Effects, close_connections
from .stage import KEYS, digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from .plan import Actor
    from .stage import Consent, Scene


def work_of(place: int, actor: Actor, scene: Scene) -> Callable[[int], None]:
    """What the process at this place of the round does; it is given the pipe to the parent."""

    def work(log: int) -> None:
        effects = Effects(str(place), actor, log)
        effects.install()
        time.sleep(actor.delay)
        try:
            told = VERBS[actor.verb](scene, place) or {}
        except PlatformError as error:
            effects.tell("refused", code=error.code)
        except Exception as error:  # noqa: BLE001 -- a database that is gone, for example; the verdict looks at what it left
            effects.tell("broke", kind=type(error).__name__, words=str(error)[:300])
        else:
            effects.tell("done", **told)
        # A process that lives on: what it has under way comes to its end.
        for thread in threading.enumerate():
            if thread is not threading.current_thread() and not thread.daemon:
                thread.join(30)
        effects.tell("ended")
        close_connections()

    return work


def _refresh(scene: Scene, _place: int) -> dict[str, Any]:
    assert scene.connection_id is not None
    return {"generation": refresh.access_token(scene.connection_id, budget=8).generation}


def _ahead(scene: Scene, _place: int) -> dict[str, Any]:
    assert scene.connection_id is not None
    return {"outcome": refresh.renew_ahead(scene.connection_id)}


def _connect(scene: Scene, place: int) -> dict[str, Any]:
    return connect(scene.consents[place], scene.sites["acme"])


def connect(consent: Consent, site_id: str) -> dict[str, Any]:
    """From the provider's page to a connection that can be used; which tokens it then had, by digest."""
    if isinstance(consent.way, Trip):
        row = consent.way.finish(consent.params).connection
        assert row is not None
        if row.state == Connection.State.CHOOSING_SITE:
            tokens = digest(row.refresh_token)
            row = choose_site(row, site_id)
            return {"refresh_token": tokens, "generation": row.generation}
        return {"refresh_token": digest(row.refresh_token), "generation": row.generation}
    attempt = consent.way.come_back(consent.params)
    held = digest(holding.waiting(attempt).refresh_token)
    holding.confirm(attempt, site_id)
    attempt.refresh_from_db()
    assert attempt.connection is not None
    return {"refresh_token": held, "generation": attempt.connection.generation}


def _rotate(_scene: Scene, _place: int) -> None:
    settings.XO_ENCRYPTION_KEYS = [KEYS[1], KEYS[0]]
    rotate_keys()


def rotate_keys() -> None:
    """As `manage.py rotate_encryption` does it."""
    keys.note()
    rotation.start()
    while rotation.advance(5.0, settle=timedelta(0)):
        pass


def _change_site(scene: Scene, _place: int) -> dict[str, Any]:
    row = scene.connection()
    assert row is not None
    return {"site": choose_site(row, scene.sites["globex"]).site_id}


VERBS: dict[str, Callable[[Scene, int], dict[str, Any] | None]] = {
    "refresh": _refresh,
    "ahead": _ahead,
    "connect": _connect,
    "reconnect": _connect,
    "rotate": _rotate,
    "change_site": _change_site,
}
