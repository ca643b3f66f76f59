"""What can go wrong where channels hold conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import DialogError

if TYPE_CHECKING:
    from collections.abc import Mapping


class ConversationEnded(DialogError):
    """This conversation has ended. The message was not taken. Open a new one."""

    code = "conversation_ended"
    status = 409


class UnknownMessage(DialogError):
    """There is no message with this id in this conversation. Nothing was done. Use the id that it was sent with."""

    code = "unknown_message"
    status = 404


class NotAnswered(DialogError):
    """This message could not be answered: its turn broke off each time. The conversation is as it was. The App's
    developers find the reason in the log."""

    code = "not_answered"
    status = 409


class Unanswerable(DialogError):
    """This message was taken, but will not be answered: {detail}"""

    code = "unanswerable"
    status = 409

    def __init__(self, error: Mapping[str, Any]) -> None:
        """``error`` is what stopped it, with its code."""
        self.error = {"code": str(error["code"]), "detail": str(error["detail"])}
        super().__init__(detail=error["detail"])

    @property
    def more(self) -> Mapping[str, Any]:
        return {"reason": self.error["code"]}


class TooManyFollowers(DialogError):
    """This server has as many open event streams as it can hold. This one was not opened. Read the messages with
    `after` instead, or try again in a moment."""

    code = "too_many_followers"
    status = 503
    retry_after = 10
