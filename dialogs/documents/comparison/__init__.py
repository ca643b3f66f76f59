"""What is different between two documents of one dialog task, in words that authors know from the canvas."""

from __future__ import annotations

from .comparing import compare
from .model import Change, Comparison, DiffLine, Line, State

__all__ = ["Change", "Comparison", "DiffLine", "Line", "State", "compare"]
