"""The counting provider with a delay, and with a search, so that a lost creation can be looked for."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from .tracker import RECEIVED, Tracker

#: Seconds that every answer takes.
DELAY = 0.05
#: Issues that a search tells, newest first, as the product asks for.
FOUND = 100


class Tardy(Tracker):
    """Answers as Jira does from far away."""

    def do_GET(self) -> None:  # noqa: N802 -- http.server asks for this name
        if not self.path.startswith(RECEIVED):
            time.sleep(DELAY)
        super().do_GET()

    def do_POST(self) -> None:  # noqa: N802 -- the same
        time.sleep(DELAY)
        if not self.path.partition("?")[0].endswith("/search/jql"):
            super().do_POST()
            return
        self.rfile.read(int(self.headers["Content-Length"]))
        newest = range(len(self._received), max(0, len(self._received) - FOUND), -1)
        self._answer(200, {"issues": [self._issue(number) for number in newest], "isLast": True})

    def _issue(self, number: int) -> dict[str, Any]:
        issue = super()._issue(number)
        # All of a run are new enough for the product's search.
        issue["fields"]["created"] = datetime.now(UTC).isoformat(timespec="milliseconds")
        return issue
