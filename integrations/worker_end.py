"""An orderly end of a Celery worker: a run stops beginning renewals, and those under way are stored first."""

from __future__ import annotations

from multiprocessing.sharedctypes import RawValue
from typing import Any

from celery.signals import worker_process_shutdown, worker_shutdown, worker_shutting_down

from integrations.flows.refresh import finish
from integrations.flows.refresh.times import DEADLINE

#: Seconds for storing what was answered at the last moment.
SLACK = 5.0
#: One byte that the worker shares with its children: only the worker itself hears that it is to end. Without a lock,
#: which a killed child could hold for ever.
_near = RawValue("b", 0)


def is_near() -> bool:
    """Whether the worker of this process has been asked to end."""
    return bool(_near.value)


@worker_shutting_down.connect
def _note(**_details: Any) -> None:
    _near.value = 1


@worker_process_shutdown.connect
@worker_shutdown.connect
def _finish(**_details: Any) -> None:
    """In a child when it ends; in the worker itself where jobs run in its own threads."""
    finish(DEADLINE + SLACK)
