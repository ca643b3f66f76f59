"""Which tests of a parallel run go to one process together, so that what they share is started once."""

from __future__ import annotations

import re

from xdist.scheduler import LoadGroupScheduling

#: The journeys in the browser share one stack. The files named here share a browser, a server or a stack of their own,
#: or open half of the connections that PostgreSQL allows, so that no two such tests may run at once.
TOGETHER = re.compile(
    r"tests/browser/"
    r"|tests/(journeys|foreign|load)/\w+\.py"
    r"|tests/integrations/sandbox/test_process\.py"
    r"|tests/integrations/flows/test_expiry\.py"
    r"|tests/faults/test_one_refresh\.py"
    r"|tests/[\w/]+_in_a_browser\.py"
)


def scope_of(nodeid: str) -> str:
    """What goes to one process as a whole: a folder, a file, or this test alone."""
    shared = TOGETHER.match(nodeid)
    return shared.group() if shared else nodeid


class TogetherScheduling(LoadGroupScheduling):
    """Hands out tests one by one, but those that share something slow as a whole, and those first.

    The marker `xdist_group` does not do it: pytest since 9.2 ignores the ids that pytest-xdist 3.8 writes for it.
    """

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)
