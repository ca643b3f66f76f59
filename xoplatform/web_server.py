"""gunicorn's settings as a module (``--config python:xoplatform.web_server``), and whether the server is stopping."""

from __future__ import annotations

from typing import Any

#: The worker of this process, once gunicorn has made it.
_workers: list[Any] = []


def post_worker_init(worker: Any) -> None:
    """gunicorn's hook: keeps the worker, which knows whether it goes on."""
    _workers[:] = [worker]


def is_stopping() -> bool:
    """Whether this process was asked to end, so that what would go on for minutes should not. False elsewhere."""
    return any(not worker.alive for worker in _workers)
