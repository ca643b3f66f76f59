from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs import checks

if TYPE_CHECKING:
    import pytest


def test_a_canvas_that_was_not_built_is_told_before_deploying(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "BUILT", ("dialogs/canvas/nowhere.js",))
    (warning,) = checks.front_end_is_built(None)
    assert "nowhere.js" in warning.msg
    assert "make ready" in str(warning.hint)


def test_a_built_one_needs_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "BUILT", ("dialogs/templates.js",))
    assert checks.front_end_is_built(None) == []
