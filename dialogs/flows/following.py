"""Following a conversation: each turn once, in order, soon after it is stored."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING, Final

from dialogs.chat_errors import TooManyFollowers
from dialogs.models import Conversation, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

#: Seconds between two looks, between two signs of life, and after which a stream ends.
LOOK, SIGN_OF_LIFE, LIFE = 0.5, 15.0, 300.0
#: Turns that one look takes.
AT_A_TIME: Final = 100


class Places:
    """How many may follow at once in this process: each holds one of its threads."""

    def __init__(self) -> None:
        self._lock, self.taken = Lock(), 0

    def take(self, most: int) -> None:
        """Raises TooManyFollowers."""
        with self._lock:
            if self.taken >= most:
                raise TooManyFollowers
            self.taken += 1

    def give_back(self) -> None:
        """Once for each that was taken."""
        with self._lock:
            self.taken -= 1


places = Places()


class Stream:
    """What is sent while a place is held; the place is given back when it ends, or is closed before it began."""

    def __init__(self, parts: Generator[str]) -> None:
        self._parts, self._open = parts, True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            return next(self._parts)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Called by the server, whatever became of the reader. A second time does nothing."""
        if self._open:
            self._open = False
            places.give_back()
            self._parts.close()


def follow(
    row: Conversation,
    after: int | None,
    may_go_on: Callable[[], bool],
    goes_on: Callable[[], bool],
    pause: Callable[[float], object] = time.sleep,
) -> Iterator[Turn | str | None]:
    """The conversation's status at first and whenever it changes, each turn, and None while nothing happens.

    ``after`` is the number of the last turn that is known already; without it only what comes from now on is told.
    ``may_go_on`` is asked at each sign of life, ``goes_on`` after each look. It ends with the conversation, too.
    """
    number = row.revision if after is None else after
    status, quiet = "", 0.0
    while (seen := _look(row.pk)) is not None:
        if seen[0] > number:
            turns = list(_turns(row.pk, number))
            yield from turns
            number = turns[-1].number if len(turns) == AT_A_TIME else max(seen[0], *(turn.number for turn in turns), 0)
            quiet = 0.0
        if seen[1] != status:
            status = seen[1]
            yield status
        if quiet >= SIGN_OF_LIFE:
            if not may_go_on():
                return
            yield None
            quiet = 0.0
        if not goes_on():
            return
        pause(LOOK)
        quiet += LOOK


def _look(pk: int) -> tuple[int, str] | None:
    """Number of the last turn, and status; None once the conversation is forgotten."""
    return Conversation.objects.filter(pk=pk).values_list("revision", "status").first()


def _turns(pk: int, after: int) -> Iterator[Turn]:
    rows = Turn.objects.filter(conversation=pk, number__gt=after).defer("trace", "record")
    return rows.order_by("number")[:AT_A_TIME].iterator()
