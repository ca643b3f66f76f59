"""System checks: what stands between this installation and working pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.staticfiles import finders
from django.core import checks

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Built by `make`, so a checkout has them only after it.
BUILT = (
    "dialogs/canvas/canvas.js",
    "dialogs/canvas/code.js",
    "dialogs/canvas/layout.js",
    "dialogs/canvas/talk.js",
)


@checks.register(deploy=True)
def front_end_is_built(app_configs: Any, **kwargs: Any) -> Sequence[checks.CheckMessage]:
    """Canvas and Talk to Bot are empty pages without their scripts."""
    missing = [name for name in BUILT if finders.find(name) is None]
    if not missing:
        return []
    return [
        checks.Warning(
            f"The canvas has not been built: {', '.join(missing)} missing, so its pages stay empty.",
            hint="Run `make ready` before `manage.py collectstatic`.",
            id="dialogs.W001",
        )
    ]
