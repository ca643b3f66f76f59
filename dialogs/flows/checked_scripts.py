"""Scripts that were found to be in order are not compiled again: an edit of a large dialog leaves most as they are."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.engine import ScriptResult, ScriptRunner

#: Digests that are remembered in a process: those of some forty large dialogs, in about a megabyte.
MOST: Final = 10_000


class CheckedScripts:
    """A runner for checks only, over another one. What failed is tried again: it may have been for want of time."""

    def __init__(self, scripts: ScriptRunner) -> None:
        self._scripts = scripts
        self._fine: set[bytes] = set()
        self._ran: dict[bytes, ScriptResult] = {}

    def check(self, code: str) -> str | None:
        """As the runner beneath says."""
        mark = _mark(code)
        if mark in self._fine:
            return None
        words = self._scripts.check(code)
        if words is None:
            if len(self._fine) >= MOST:
                self._fine.clear()
            self._fine.add(mark)
        return words

    def run(self, code: str, context: Mapping[str, Any], timeout: float) -> ScriptResult:
        """The same for what a check runs, such as the making of a regular expression."""
        mark = _mark(code, json.dumps(context, sort_keys=True))
        if mark in self._ran:
            return self._ran[mark]
        result = self._scripts.run(code, context, timeout)
        if result.error is None:
            if len(self._ran) >= MOST:
                self._ran.clear()
            self._ran[mark] = result
        return result


def _mark(*texts: str) -> bytes:
    whole = hashlib.sha256()
    for text in texts:
        whole.update(text.encode(errors="surrogatepass") + b"\0")
    return whole.digest()
