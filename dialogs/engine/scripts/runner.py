from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.nodes.effects import ScriptResult


class SandboxedScripts:
    """Runs JavaScript in processes of its own, each killed when a script outstays its time. Share one per process."""

    def run(self, code: str, context: Mapping[str, Any], timeout: float) -> ScriptResult:
        raise NotImplementedError

    def check(self, code: str) -> str | None:
        raise NotImplementedError
