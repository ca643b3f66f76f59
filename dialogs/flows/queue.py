"""Handing work to the workers, without importing the jobs that call back into these flows."""

from __future__ import annotations

from typing import Any

import structlog
from celery import signature
from kombu.exceptions import OperationalError

from dialogs.errors import QueueUnreachable

log = structlog.get_logger(__name__)


def enqueue(job: str, **arguments: Any) -> None:
    """Queues a job of `dialogs.jobs`. Raises QueueUnreachable when the broker does not take it."""
    try:
        signature(f"dialogs.jobs.{job}", kwargs=arguments).apply_async()
    except (OperationalError, OSError) as error:
        log.exception("job_not_queued", job=job)
        raise QueueUnreachable from error
