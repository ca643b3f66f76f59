"""Handing work to the workers, without importing the jobs that call back into these flows."""

from __future__ import annotations

from typing import Any

import structlog
from celery import signature
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def enqueue_on_commit(job: str, **arguments: Any) -> None:
    """Queues a job of `integrations.jobs` once the transaction is committed.

    Every job queued here is also found by the clock, so a queue that does not answer delays it and loses nothing.
    """
    transaction.on_commit(lambda: _enqueue(job, arguments))


def _enqueue(job: str, arguments: dict[str, Any]) -> None:
    try:
        signature(f"integrations.jobs.{job}", kwargs=arguments).apply_async()
    except (OperationalError, OSError):
        log.exception("job_not_queued", job=job)
