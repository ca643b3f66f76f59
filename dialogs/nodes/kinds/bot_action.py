from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from dialogs.nodes.base import NodeKind
from dialogs.nodes.fields import NodeName, declare
from dialogs.nodes.steps import Enter

if TYPE_CHECKING:
    from dialogs.nodes.base import View
    from dialogs.nodes.steps import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class BotAction(NodeKind):
    """A container for nodes that work without the person: services, scripts, logic."""

    kind: ClassVar[str] = "bot_action"

    first: str = declare(NodeName(title="First node", help="The inner node it begins with.", required=True))

    def enter(self, view: View) -> Step:
        return Enter(first=self.first)
