"""A mail server on loopback that counts who got mail and keeps nothing else."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

from tests.journeys.stack import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Sink:
    """Mails by recipient. ``at(number, then)`` calls ``then`` while that mail is being taken, before it is answered."""

    def __init__(self) -> None:
        self.url = ""
        self.by_recipient: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._then: dict[int, Callable[[], None]] = {}

    @property
    def mails(self) -> int:
        return sum(self.by_recipient.values())

    @property
    def twice(self) -> int:
        """People who got more than one."""
        return sum(1 for number in self.by_recipient.values() if number > 1)

    def at(self, number: int, then: Callable[[], None]) -> None:
        self._then[number] = then

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 -- aiosmtpd's name
        with self._lock:
            self.by_recipient.update(envelope.rcpt_tos)
            then = self._then.pop(self.mails, None)
        if then:
            then()
        return "250 taken"


@contextmanager
def listening() -> Iterator[Sink]:
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    sink.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield sink
    finally:
        controller.stop()
