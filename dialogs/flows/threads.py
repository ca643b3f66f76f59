"""Threads of this process that answer messages whose senders may not want to wait to the end."""

from __future__ import annotations

import contextvars
import os
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Lock
from typing import TYPE_CHECKING, Any, Final

import structlog
from django.db import close_old_connections, connections

from xoplatform.core.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dialogs.models import QueuedMessage

    from .perform import Answer

log = structlog.get_logger(__name__)

#: Each may hold a connection to the database. What finds none free waits for one, in line anyway.
MOST: Final = 16


class Threads:
    """Made at the first need, and anew in a process that was forked off."""

    def __init__(self) -> None:
        self._made: ThreadPoolExecutor | None = None
        self._lock = Lock()
        os.register_at_fork(after_in_child=self._forget)

    def submit(self, work: Callable[..., object], *args: Any) -> Future[object]:
        """Has it done in another thread, which logs under this request's id."""
        with self._lock:
            if self._made is None:
                self._made = ThreadPoolExecutor(MOST, thread_name_prefix="turns")
        return self._made.submit(contextvars.copy_context().run, _with_database, work, *args)

    def close(self) -> None:
        """Waits until all of it is done: for tests, whose tables are emptied after them."""
        with self._lock:
            made, self._made = self._made, None
        if made is not None:
            together = Barrier(MOST)
            for _ in range(MOST):
                made.submit(_leave_database, together)
            made.shutdown()

    def _forget(self) -> None:
        self._made, self._lock = None, Lock()


def _leave_database(together: Barrier) -> None:
    connections.close_all()
    together.wait()  # so that no thread does it for another, whose connection would stay open


def _with_database(work: Callable[..., object], *args: Any) -> object:
    close_old_connections()
    try:
        return work(*args)
    except Exception:
        log.exception("work_broke_off")
        raise
    finally:
        close_old_connections()


class Answers:
    """Hands answers to the requests of this process that wait for them."""

    def __init__(self) -> None:
        self._waiting: dict[int, Future[Answer]] = {}

    def expect(self, key: int) -> Future[Answer]:
        """Where the answer to a queued message will be told."""
        return self._waiting.setdefault(key, Future())

    def forget(self, key: int) -> None:
        """Nobody here waits for it any more."""
        self._waiting.pop(key, None)

    def tell(self, message: QueuedMessage, outcome: Answer | PlatformError) -> None:
        """Wakes whoever waits for this."""
        future = self._waiting.get(message.pk)
        if future is None:
            return
        with suppress(Exception):  # somebody else told it, with the same
            if isinstance(outcome, PlatformError):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)


_threads = Threads()
submit, close = _threads.submit, _threads.close
answers = Answers()
