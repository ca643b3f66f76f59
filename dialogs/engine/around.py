from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .scopes import Shared

if TYPE_CHECKING:
    from .bot import Bot
    from .ports import Ports
    from .trace import Trace


@dataclass(frozen=True, slots=True)
class Around:
    """What a turn has to do with, whatever is said in it."""

    bot: Bot
    ports: Ports
    trace: Trace
    shared: Shared = field(default_factory=Shared)
