# ruff: noqa: RUF009 -- `declare` makes a dataclass field

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final

from dialogs.nodes import phrases
from dialogs.nodes.base import NodeKind
from dialogs.nodes.effects import FreeRequest, OperationRequest, OperationResult
from dialogs.nodes.fields import Flag, Json, NodeName, Number, OneOf, Script, Text, declare
from dialogs.nodes.requests.address import Address, host_of
from dialogs.nodes.requests.body import rendered_body, wrong_body
from dialogs.nodes.requests.headers import Headers
from dialogs.nodes.requests.samples import Samples
from dialogs.nodes.steps import AwaitAuthorization, Call, Fail, GoTo, Proceed, Run
from xoplatform.core.templating import UnsafeUrlPart, render_url_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dialogs.nodes.base import View
    from dialogs.nodes.effects import JSON, BodyFormat, ScriptResult
    from dialogs.nodes.steps import Step
    from xoplatform.core.templating import Path, Template

#: Seconds that each of the node's scripts may take.
SCRIPT_SECONDS: Final = 1.0
#: From here on a status says that the request was not carried out as it was asked (RFC 9110 section 15.5).
HTTP_ERROR: Final = 400
#: What a script and an authorization hand on: where the node is.
BEFORE: Final = "before"
PREPARED: Final = "prepared"
#: What only a free request has.
FREE_ONLY: Final = ("headers", "profile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(NodeKind):
    """A call of a provider's operation, or a free request.

    Any HTTP answer is data for the nodes behind, unless there is a way for HTTP errors; no answer is a failure.
    """

    kind: ClassVar[str] = "service"
    silent: ClassVar[bool] = True

    provider: str | None = declare(Text(title="Provider", help="With an operation; without it, a free request."))
    operation: str | None = declare(Text(title="Operation"))
    method: str = declare(
        OneOf(
            title="Method", help="Of a free request.", options=("GET", "POST", "PUT", "PATCH", "DELETE"), default="GET"
        )
    )
    url: Template | None = declare(
        Address(title="URL", help="Of a free request. {{context…}} is percent-encoded in path and query.")
    )
    profile: str | None = declare(
        Text(title="Authorization profile", help="Of the App, for a free request. It makes the headers that sign in.")
    )
    headers: Mapping[str, Template] | None = declare(
        Headers(title="Headers", help="Of a free request; those that sign in come from the profile.")
    )
    parameters: Template = declare(
        Json(
            title="Parameters",
            help="Values by name; {{context…}} is filled in as data. For a free request, its query.",
            default={},
            mapping=True,
        )
    )
    body_format: BodyFormat = declare(
        OneOf(title="Body is", help="Of a free request.", options=("json", "form", "xml"), default="json")
    )
    body: Template | None = declare(Json(title="Body", help="{{context…}} is filled in as data."))
    repeatable: bool | None = declare(
        Flag(
            title="May be repeated",
            help="Whether a free request is sent again when its answer was lost. Otherwise only GET is.",
            default=None,
        )
    )
    timeout: float = declare(Number(title="Time limit", help="In seconds.", default=20, low=1, high=60))
    cache_for: float = declare(
        Number(
            title="Keep the answer",
            help="For so many seconds, for calls that only read. Never shared between grants.",
            default=0,
            low=0,
            high=3600,
        )
    )
    pre_script: str | None = declare(
        Script(title="Script before", help="JavaScript; what it puts into the context can be sent.")
    )
    post_script: str | None = declare(
        Script(title="Script after", help="JavaScript; it sees the answer in the context. Not run without an answer.")
    )
    on_failure: str | None = declare(
        NodeName(title="On failure", help="Where to go on when there was no answer; else the task ends with a message.")
    )
    on_timeout: str | None = declare(
        NodeName(title="On time-out", help="Where to go on when no answer came in time; else as on failure.")
    )
    on_http_error: str | None = declare(
        NodeName(title="On HTTP error", help="Where to go on from status 400; else the answer is data like any other.")
    )
    samples: tuple[Mapping[str, Any], ...] | None = declare(
        Samples(title="Sample responses", help="Kept to suggest variables; they are never used in a conversation.")
    )

    def complaints(self) -> Iterator[tuple[str, str]]:
        if self.url is None:
            yield from ((name, "is missing") for name in ("provider", "operation") if not getattr(self, name))
            yield from ((name, "is only for a free request, with a URL") for name in FREE_ONLY if getattr(self, name))
            return
        if self.provider or self.operation:
            yield "url", "cannot be given beside an operation; a node sends one of the two"
        if self.body is not None and self.method == "GET":
            yield "body", "cannot be sent with GET; put its values into the parameters"
        elif words := wrong_body(self.body, self.body_format):
            yield "body", words

    @property
    def is_free(self) -> bool:
        return self.url is not None

    def enter(self, view: View) -> Step:
        # After an authorization the context is as the script left it.
        if self.pre_script and view.handed != PREPARED:
            return Run(code=self.pre_script, timeout=SCRIPT_SECONDS, handed=BEFORE)
        return self._sent(view)

    def ran(self, result: ScriptResult, view: View) -> Step:
        if result.error:
            name = "pre_script" if view.handed == BEFORE else "post_script"
            return Fail(message=phrases.script_failed(), error=f"“{name}” of {self.name} failed: {result.error}")
        if view.handed == BEFORE:
            return replace(self._sent(replace(view, context=result.context)), context=result.context)
        return replace(self._answered(int(view.handed)), context=result.context)

    def _sent(self, view: View) -> Step:
        try:
            return Call(request=self.request(view))
        except UnsafeUrlPart as error:
            return self.called(OperationResult("refused", message=error.message), view)

    def request(self, view: View) -> OperationRequest:
        """What would be sent with these values. Raises UnsafeUrlPart."""
        variables, free = view.variables, self._free(view)
        return OperationRequest(
            node=self.name,
            provider=self.provider or "",
            operation=self.operation or f"{self.method} {host_of(free.url) if free else ''}"[:100],
            parameters=self.parameters.render(variables),
            body=rendered_body(self.body, self.body_format if free else "json", variables),
            timeout=self.timeout,
            cache_for=self.cache_for,
            free=free,
        )

    def _free(self, view: View) -> FreeRequest | None:
        if self.url is None:
            return None
        variables = view.variables
        return FreeRequest(
            method=self.method,
            url=render_url_part(str(self.url.source), variables),
            headers={name: value.text(variables) for name, value in (self.headers or {}).items()},
            body_format=self.body_format,
            profile=self.profile or "",
            repeatable=self.method == "GET" if self.repeatable is None else self.repeatable,
        )

    def called(self, result: OperationResult, view: View) -> Step:
        provider = self.provider or result.provider
        if result.outcome == "authorization_required" and provider:
            message = result.message or phrases.authorize_first()
            handed = PREPARED if self.pre_script else None
            return AwaitAuthorization(provider=provider, message=message, grant=result.grant, handed=handed)
        changes: dict[Path, Any] = {(self.name, "response"): self._response(result)}
        if result.outcome != "answered":
            return self._unanswered(result, changes)
        status = result.status_code or 0
        if self.post_script:
            return Run(code=self.post_script, timeout=SCRIPT_SECONDS, handed=status, changes=changes)
        return replace(self._answered(status), changes=changes)

    def _answered(self, status: int) -> GoTo | Proceed:
        if self.on_http_error and status >= HTTP_ERROR:
            return GoTo(target=self.on_http_error, reason=f"status {status}")
        return Proceed()

    def _unanswered(self, result: OperationResult, changes: dict[Path, Any]) -> Step:
        late = result.late or result.outcome == "timed_out"
        target = (self.on_timeout if late else None) or self.on_failure
        if target:
            return GoTo(target=target, changes=changes, reason=result.outcome)
        message = result.message or phrases.call_failed(result.outcome, self.called_by_people)
        return Fail(message=message, changes=changes, error=f"The call of {self.name} failed ({result.outcome}).")

    def _response(self, result: OperationResult) -> dict[str, JSON]:
        response = {
            "statusCode": result.status_code,
            "body": result.body,
            "outcome": result.outcome,
            "message": result.message,
        }
        # The one header that a message to the person needs: how long to wait (RFC 9110 section 10.2.3).
        wait = next((value for name, value in result.headers.items() if name.lower() == "retry-after"), None)
        response |= {} if wait is None else {"retryAfter": wait}
        response |= {} if result.reconciled is None else {"reconciled": dict(result.reconciled)}
        # A provider's operation says all it has to say in its body.
        return response | ({"headers": dict(result.headers)} if self.is_free else {})

    def calls(self) -> Iterator[tuple[str, str]]:
        if self.provider and self.operation:
            yield self.provider, self.operation

    def assigns(self) -> Iterator[Path]:
        yield (self.name, "response")
