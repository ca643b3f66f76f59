"""The two doors of the engine: a message came, or an authorization did."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .bot import Bot
    from .ports import Ports
    from .state import State
    from .turn import Turn


def take_turn(bot: Bot, state: State, message: str, ports: Ports) -> Turn:
    """Answer one message. Nothing outside the ports is touched, and ``state`` stays as it is."""
    raise NotImplementedError


def resume(bot: Bot, state: State, ports: Ports) -> Turn:
    """Go on from the node that waits for an authorization. A state that waits for none is given back as it is."""
    raise NotImplementedError
