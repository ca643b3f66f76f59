"""A turn that may not leave the process: the first step that would is stopped before it has any effect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialogs.engine.ports import (
        Authorizations,
        Awaited,
        CodeAnswer,
        Invitation,
        Opening,
        OperationRequest,
        OperationResult,
        Ports,
        Standing,
        WaitRequest,
        Waits,
    )
    from dialogs.nodes.steps import Reply


class LeavesError(Exception):
    """The turn was about to call somebody or to have an effect outside; it must be computed where it may."""


def inside(ports: Ports) -> Ports:
    """The same ports, as far as they neither call out nor change anything before the turn is stored."""
    return replace(
        ports,
        operations=_NoCalls(),
        authorizations=_OnlyStanding(ports.authorizations),
        waits=_OnlyForms(ports.waits),
    )


class _NoCalls:
    def call(self, request: OperationRequest) -> OperationResult:
        raise LeavesError


@dataclass(frozen=True, slots=True)
class _OnlyStanding:
    real: Authorizations

    def standing(self, provider: str) -> Standing:
        return self.real.standing(provider)

    def invite(self, provider: str) -> Invitation | None:
        raise LeavesError

    def confirm(self, provider: str, code: str) -> CodeAnswer | None:
        raise LeavesError


@dataclass(frozen=True, slots=True)
class _OnlyForms:
    real: Waits

    def open(self, request: WaitRequest, said: Sequence[Reply], *, sensitive: bool) -> Opening:
        if request.kind != "form":
            raise LeavesError
        return self.real.open(request, said, sensitive=sensitive)

    def tell(self, awaited: Awaited, text: str) -> NoReturn:
        raise LeavesError
