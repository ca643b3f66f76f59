"""Rotation in processes of its own, as workers do it: ``python -m tests.xoplatform.encryption.rotating PAGE``.

`Fire` meanwhile renews tokens and reads, here, as a process that has both keys in another order.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def database_url() -> str:
    """Of the database that this process uses."""
    from django.db import connection

    found: Any = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return f"postgres://{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"


def worker(ring: Sequence[str], page: int) -> subprocess.Popen[bytes]:
    """A process that rotates until nothing is left; end it with ``kill()`` at any time."""
    own = {"XO_DATABASE_URL": database_url(), "XO_ENCRYPTION_KEYS": ",".join(ring)}
    return subprocess.Popen([sys.executable, "-m", __name__, str(page)], env={**os.environ, **own})


class Fire:
    """Renews tokens and reads them, as fast as it can. ``written`` is what each row must hold; ``wrong`` what it did
    not."""

    def __init__(self, pks: Sequence[int]) -> None:
        self.written: dict[int, str] = {}
        self.reads = 0
        self.wrong: list[str] = []
        self._pks = pks
        self._stop = threading.Event()

    @contextmanager
    def burning(self, seed: int) -> Iterator[Fire]:
        thread = threading.Thread(target=self._burn, args=(random.Random(seed),))
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            thread.join()

    def _burn(self, chance: random.Random) -> None:
        from django.db import connection

        try:
            while not self._stop.is_set():
                self._touch(chance.choice(self._pks), writes=chance.random() < 0.3)
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is wrong, and the test must hear of it
            self.wrong.append(repr(error))
        finally:
            connection.close()

    def _touch(self, pk: int, *, writes: bool) -> None:
        from integrations.models import Connection
        from xoplatform.core.fields import sealed

        row = Connection.objects.get(pk=pk)
        expected = self.written.get(pk, f"hidden-access-{pk}")
        if row.access_token.reveal() != expected:
            self.wrong.append(f"{pk}: not {expected}")
        self.reads += 1
        if writes:
            text = f"newer-{self.reads}"
            Connection.objects.filter(pk=pk).update(**sealed(row, access_token=text))
            self.written[pk] = text


def main(page: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "xoplatform.settings"
    django.setup()
    from xoplatform.encryption import keys, rotation

    keys.note()
    while rotation.advance(60, settle=timedelta(0), page=page) or not rotation.ended():
        pass
    assert settings.XO_ENCRYPTION_KEYS


if __name__ == "__main__":
    main(int(sys.argv[1]))
