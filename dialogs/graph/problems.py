"""What keeps a dialog task from being published, each named with its node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xoplatform.core.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Problem:
    """``node`` is empty where the whole task is meant; ``code`` is for programs, ``message`` for authors."""

    node: str
    code: str
    message: str
    #: The property of the node that is meant, if one is.
    property: str = ""

    def to_json(self) -> dict[str, str]:
        return {"node": self.node, "code": self.code, "message": self.message, "property": self.property}


class InvalidGraph(PlatformError):
    """The dialog task cannot run: {words} Nothing was started or changed. Its developers can mend it on the canvas."""

    code = "invalid_graph"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(words=" ".join(problem.message for problem in self.problems))
