"""The conversations that are held, and what passes between those who hold them. Plain Python."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

#: What names a conversation, wherever it appears; nothing else looks like this.
MARK: Final = re.compile(r"\bK\d{5,}\b")
#: What each reply must say, in any of its wordings.
SAID: Final = ("project", "not a project key", "sum", "Task, Bug", "Done")


@dataclass(frozen=True)
class Message:
    """One delivery; the same message may be delivered twice."""

    talk: int
    turn: int
    text: str
    conversation: uuid.UUID | None

    @property
    def client_message_id(self) -> str:
        return f"{self.talk}-{self.turn}"


@dataclass(frozen=True)
class Heard:
    """What one delivery came to: the reply or an error, seconds, and what stood in the way.

    ``stale`` turns were computed again, ``waits`` were for another turn's call, ``refused`` deliveries were told to
    come again (StillWorking).
    """

    talk: int
    conversation: uuid.UUID | None = None
    reply: str = ""
    error: str = ""
    seconds: float = 0.0
    stale: int = 0
    waits: int = 0
    refused: int = 0


@dataclass
class Talk:
    """One conversation of five turns, with a project and a summary of its own."""

    number: int
    conversation: uuid.UUID | None = None
    replies: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    #: Deliveries of the present turn that are not answered yet.
    open: int = 0
    _heard: set[str] = field(default_factory=set)

    @property
    def mark(self) -> str:
        return f"K{self.number:05d}"

    @property
    def summary(self) -> str:
        return f"The printer of {self.mark} is on fire"

    @property
    def texts(self) -> list[str]:
        return ["create an issue", "not a key!", self.mark, self.summary, "Task"]

    @property
    def ended(self) -> bool:
        """Whether all that its person had to say was answered."""
        return len(self.replies) == len(self.texts)

    @property
    def goes_on(self) -> bool:
        return not self.open and not self.errors and not self.ended

    def next(self, deliveries: int) -> Message:
        """The next thing that its person says, to be delivered so many times."""
        self.open, self._heard = deliveries, set()
        turn = len(self.replies)
        return Message(self.number, turn, self.texts[turn], self.conversation)

    def hear(self, heard: Heard) -> None:
        """Takes the answer to one delivery; all of a message must be answered alike."""
        self.open -= 1
        if heard.error:
            self.errors.append(heard.error)
        elif self.conversation not in (None, heard.conversation):
            self.errors.append("it was answered in another conversation")
        else:
            self.conversation = heard.conversation
            self._heard.add(heard.reply)
        if not self.open and not self.errors:
            self.replies.append(heard.reply)
            if len(self._heard) > 1:
                self.errors.append(f"one message got several answers: {sorted(self._heard)}")

    def strangers(self, *texts: str) -> set[str]:
        """Marks of other conversations in these texts."""
        return {mark for text in texts for mark in MARK.findall(text)} - {self.mark}

    def missing(self) -> Iterator[str]:
        """What its replies should say and do not."""
        for number, (word, reply) in enumerate(zip(SAID, self.replies, strict=False), 1):
            if word not in reply:
                yield f"reply {number} says: {reply[:200]}"
