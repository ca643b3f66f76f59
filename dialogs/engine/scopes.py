"""Session values that are not of one conversation alone: read when a task mentions them, kept when the turn is over.

`BotUserSession` is the conversation's own and stays in its state. `UserContext` is who the person is, and only read.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from .context import measured

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dialogs.nodes.person import Person

    from .context import Context
    from .ports import Ports

#: Of one person in one App, of one App, of the whole installation.
SHARED: Final = ("UserSession", "BotContext", "EnterpriseContext")
IDENTITY: Final = "UserContext"
#: In a text of JSON a line may begin behind the letter of an escape.
MENTION: Final = re.compile(rf"(?:(?<![A-Za-z])|(?<=\\[bfnrt]))(?:{'|'.join((*SHARED, IDENTITY))})(?![A-Za-z])")
#: Most bytes of JSON that one scope may hold, and characters of a key in it.
MOST_BYTES: Final = 64 * 1024
LONGEST_KEY: Final = 200


@dataclass(frozen=True, slots=True)
class SharedValue:
    """A value as it is from now on, for ``minutes`` or for good; None is no value."""

    scope: str
    key: str
    value: Any
    minutes: float | None = None


def mentioned(document: Mapping[str, Any]) -> frozenset[str]:
    """The scopes that a document names anywhere: in a template, a condition or a script."""
    return frozenset(MENTION.findall(json.dumps(document, default=str, ensure_ascii=False)))


def identity(person: Person) -> dict[str, str]:
    """What `UserContext` says of a person."""
    told = {"name": person.name, "email": person.email, "locale": person.locale, "timeZone": person.time_zone}
    return {key: value for key, value in told.items() if value}


class Shared:
    """The shared values of one turn, through all the tasks that it goes through."""

    __slots__ = ("_before", "_minutes", "_now")

    def __init__(self) -> None:
        self._before: dict[str, dict[str, Any]] = {}
        self._now: dict[str, dict[str, Any]] = {}
        self._minutes: dict[tuple[str, str], float] = {}

    def __bool__(self) -> bool:
        return bool(self._now)

    def open(self, scopes: Iterable[str], ports: Ports, context: Context) -> None:
        """Puts the values of scopes into a context's session, and those that the turn has read before."""
        fresh = [scope for scope in SHARED if scope in scopes and scope not in self._now]
        if fresh and ports.scopes is not None:
            read = ports.scopes.read(fresh)
            for scope in fresh:
                self._before[scope] = self._now[scope] = dict(read.get(scope) or {})
        if IDENTITY in scopes:
            self._now[IDENTITY] = identity(ports.person)
        if self._now:
            given = context.values.get("session")
            session = given if isinstance(given, dict) else {}
            # A context that this turn went on with from another task has later values of what was read before.
            missing = {key: values for key, values in self._now.items() if key in fresh or key not in session}
            context.values["session"] = {**session, **missing}
            context.size += measured(self._now)[1]

    def close(self, context: dict[str, Any]) -> dict[str, Any]:
        """A context as the conversation keeps it, without what is shared; that is noted."""
        session = context.get("session")
        if not isinstance(session, dict):
            session = {}
        for scope in self._now:
            left = session.get(scope)
            self._now[scope] = left if isinstance(left, dict) else {}
        own = {scope: values for scope, values in session.items() if scope not in self._now}
        rest = {key: value for key, value in context.items() if key != "session"}
        return rest | ({"session": own} if own else {})

    def last(self, lifetimes: Mapping[str, Any]) -> None:
        """Notes for how many minutes scripts want values to last."""
        for scope, keys in lifetimes.items():
            for key, minutes in keys.items() if isinstance(keys, dict) else ():
                if isinstance(minutes, int | float) and minutes > 0:
                    self._minutes[scope, key] = float(minutes)
                else:
                    self._minutes.pop((scope, key), None)

    def changes(self) -> tuple[tuple[SharedValue, ...], tuple[str, ...]]:
        """What is to be kept, and the scopes that have grown too large, of which nothing is."""
        full = tuple(scope for scope in self._before if _too_large(self._now[scope]))
        kept = [value for scope in self._before if scope not in full for value in self._changed(scope)]
        return tuple(kept), full

    def _changed(self, scope: str) -> Iterator[SharedValue]:
        before, now = self._before[scope], self._now[scope]
        for key in {**before, **now}:
            minutes = self._minutes.get((scope, key))
            if now.get(key) != before.get(key) or minutes is not None:
                yield SharedValue(scope, key, now.get(key), minutes)


def _too_large(values: Mapping[str, Any]) -> bool:
    return measured(values)[1] > MOST_BYTES or any(len(key) > LONGEST_KEY for key in values)
