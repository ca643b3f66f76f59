"""A process that dies at a chosen instant: before or after each request, each commit of a turn, each record's save."""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any

from dialogs.flows.turns import Work
from integrations.models import OperationCall
from xoplatform.core.http import GuardedAdapter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

#: What a turn does that others can see.
SEEN = ((GuardedAdapter, "send"), (Work, "claim"), (Work, "commit"), (OperationCall, "save"))


class Killed(BaseException):
    """The process is gone. Nothing in the product catches it, and open transactions are rolled back."""


class Death:
    """Counts instants, and strikes once at the one that was chosen; 0 never strikes."""

    def __init__(self) -> None:
        self.at = 0
        self.passed: list[str] = []

    def chosen(self, at: int) -> None:
        self.at, self.passed = at, []

    def pass_by(self, instant: str) -> None:
        self.passed.append(instant)
        if len(self.passed) == self.at:
            self.at = 0
            raise Killed(instant)


def _watched(real: Callable[..., Any], name: str, death: Death) -> Callable[..., Any]:
    @wraps(real)
    def watched(*args: Any, **kwargs: Any) -> Any:
        request = args[1] if name == "send" else None
        what = f"{name} {request.method} {request.path_url}" if request is not None else name
        death.pass_by(f"before {what}")
        result = real(*args, **kwargs)
        death.pass_by(f"after {what}")
        return result

    return watched


@contextmanager
def death_watching(patch: pytest.MonkeyPatch) -> Iterator[Death]:
    """Within, every instant counts."""
    death = Death()
    with patch.context() as watching:
        for owner, name in SEEN:
            watching.setattr(owner, name, _watched(getattr(owner, name), name, death))
        yield death
