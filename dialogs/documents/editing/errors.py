from __future__ import annotations

from typing import Any

from xoplatform.core.errors import PlatformError


class BadEdit(PlatformError):
    """This edit cannot be made: {reason} Nothing was changed. Load the canvas again if it looks different there."""

    code = "bad_edit"

    def __init__(self, reason: str, *, at: int = 0, node: str = "") -> None:
        #: The number of the operation that could not be made, and the node that stood in its way.
        self.at, self.node = at, node
        super().__init__(reason=reason)

    @property
    def more(self) -> dict[str, Any]:
        return {"at": self.at}
