from __future__ import annotations

from .conversation import Conversation, Turn
from .dialog_task import DialogTask, PublishState
from .installation import Installation
from .node import Node, Special, Transition
from .version import Version

__all__ = [
    "Conversation",
    "DialogTask",
    "Installation",
    "Node",
    "PublishState",
    "Special",
    "Transition",
    "Turn",
    "Version",
]
