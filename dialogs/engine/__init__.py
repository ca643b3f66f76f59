"""The dialog engine: a state and a message in, replies and the next state out. What others use is here."""

from __future__ import annotations

from dialogs.graph.problems import InvalidGraph, Problem
from dialogs.nodes.steps import Reply

from .bot import Bot
from .compile import CompiledGraph, compile_graph
from .ports import (
    Authorizations,
    Awaited,
    Clock,
    CodeAnswer,
    Event,
    Invitation,
    Opening,
    OperationCaller,
    OperationRequest,
    OperationResult,
    Ports,
    ScriptResult,
    ScriptRunner,
    Standing,
    SystemClock,
    WaitRequest,
    Waits,
)
from .scripts import SandboxedScripts
from .state import State
from .turn import Turn
from .turns import event, resume, take_turn
from .validate import problems_of

__all__ = [
    "Authorizations",
    "Awaited",
    "Bot",
    "Clock",
    "CodeAnswer",
    "CompiledGraph",
    "Event",
    "InvalidGraph",
    "Invitation",
    "Opening",
    "OperationCaller",
    "OperationRequest",
    "OperationResult",
    "Ports",
    "Problem",
    "Reply",
    "SandboxedScripts",
    "ScriptResult",
    "ScriptRunner",
    "Standing",
    "State",
    "SystemClock",
    "Turn",
    "WaitRequest",
    "Waits",
    "compile_graph",
    "event",
    "problems_of",
    "resume",
    "take_turn",
]
