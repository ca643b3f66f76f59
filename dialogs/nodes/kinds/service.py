# ruff: noqa: RUF009 -- `declare` makes a dataclass field

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from dialogs.nodes import phrases
from dialogs.nodes.base import NodeKind
from dialogs.nodes.effects import OperationRequest
from dialogs.nodes.fields import Json, NodeName, Number, Text, declare
from dialogs.nodes.steps import AwaitAuthorization, Call, Fail, GoTo, Proceed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.nodes.base import View
    from dialogs.nodes.effects import OperationResult
    from dialogs.nodes.steps import Step
    from xoplatform.core.templating import Path, Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(NodeKind):
    """A call of a provider's operation. Any HTTP answer is data for the nodes behind; no answer is a failure."""

    kind: ClassVar[str] = "service"
    silent: ClassVar[bool] = True

    provider: str = declare(Text(title="Provider", required=True))
    operation: str = declare(Text(title="Operation", required=True))
    parameters: Template = declare(
        Json(title="Parameters", help="Values by name; {{context…}} is filled in as data.", default={}, mapping=True)
    )
    body: Template | None = declare(Json(title="Body", help="JSON; {{context…}} is filled in as data."))
    timeout: float = declare(Number(title="Time limit", help="In seconds.", default=20, low=1, high=60))
    on_failure: str | None = declare(
        NodeName(title="On failure", help="Where to go on when there was no answer; else the task ends with a message.")
    )

    def enter(self, view: View) -> Step:
        variables = view.variables
        return Call(
            request=OperationRequest(
                node=self.name,
                provider=self.provider,
                operation=self.operation,
                parameters=self.parameters.render(variables),
                body=None if self.body is None else self.body.render(variables),
                timeout=self.timeout,
            )
        )

    def called(self, result: OperationResult, view: View) -> Step:
        if result.outcome == "authorization_required":
            message = result.message or phrases.authorize_first()
            return AwaitAuthorization(provider=self.provider, message=message, grant=result.grant)
        changes: dict[Path, Any] = {(self.name, "response"): _response(result)}
        if result.outcome == "answered":
            return Proceed(changes=changes)
        if self.on_failure:
            return GoTo(target=self.on_failure, changes=changes, reason=result.outcome)
        message = result.message or phrases.call_failed(result.outcome, self.called_by_people)
        return Fail(message=message, changes=changes, error=f"The call of {self.name} failed ({result.outcome}).")

    def assigns(self) -> Iterator[Path]:
        yield (self.name, "response")


def _response(result: OperationResult) -> dict[str, Any]:
    response = {
        "statusCode": result.status_code,
        "body": result.body,
        "outcome": result.outcome,
        "message": result.message,
    }
    # The one header that a message to the person needs: how long to wait (RFC 9110 section 10.2.3).
    wait = next((value for name, value in result.headers.items() if name.lower() == "retry-after"), None)
    return response if wait is None else response | {"retryAfter": wait}
