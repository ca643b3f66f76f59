from __future__ import annotations

from .runner import SandboxedScripts

__all__ = ["SandboxedScripts"]
