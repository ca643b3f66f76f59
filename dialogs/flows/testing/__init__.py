"""Tests of dialogs: recorded conversations that must go as they once did. No test calls a provider."""

from __future__ import annotations

from .keeping import change_test, make_test
from .running import Outcome, failures_of, run, run_all
from .script import check_turns
from .taking import record_test

__all__ = ["Outcome", "change_test", "check_turns", "failures_of", "make_test", "record_test", "run", "run_all"]
