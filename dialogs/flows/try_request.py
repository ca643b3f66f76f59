"""*Test request*: a service node's request, sent once with sample values while it is being written."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from dialogs.bridges import call, only_reads, scripts
from dialogs.engine.ports import Person, SystemClock
from dialogs.engine.trace import shortened
from dialogs.errors import BadNode, RequestChanges
from dialogs.nodes.base import View
from dialogs.nodes.kinds.service import SCRIPT_SECONDS, Service
from dialogs.nodes.registry import prepare
from dialogs.nodes.requests.samples import MOST_CHARACTERS
from integrations import api
from xoplatform.core.templating import UnsafeUrlPart
from xoplatform.logs import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.graph.model import Node
    from dialogs.nodes.effects import OperationRequest
    from xoplatform.models import App, EndUser

#: What the calls' records say that they were made for.
REFERENCE: Final = "test request"
#: Characters of a body that are shown.
MOST_SHOWN: Final = 8000
MOST_OF_A_SAMPLE: Final = MOST_CHARACTERS // 4


@dataclass(frozen=True)
class Trial:
    """What is sent: a node as it stands in an editor, and the context that it is to find.

    ``end_user`` lends their own grant, as in *Talk to Bot*; without one the App's own is used. ``confirmed`` says that
    a request that changes something is meant.
    """

    app: App
    node: Node
    context: Mapping[str, Any]
    end_user: EndUser | None = None
    confirmed: bool = False


def try_request(trial: Trial) -> dict[str, Any]:
    """Sends the request and tells what came back, without secrets; see `dialogs.canvas.test_request` for its form.

    Raises BadNode for what is no service node ready to run, and RequestChanges for a request that may change something
    and is not confirmed; nothing was sent then. Open no database transaction around it.
    """
    service = _service(trial.node)
    request, logs = _request(service, trial)
    if not trial.confirmed and not only_reads(request):
        raise RequestChanges(request=_called(request))
    person = trial.end_user.pk if trial.end_user else None
    answer = call(replace(request, cache_for=0), trial.app.pk, person, reference=REFERENCE)
    if answer.record is not None:
        api.record_calls([answer.record])
    return {**_told(answer), "logs": logs, "sample": _sample(answer)}


def _service(node: Node) -> Service:
    prepared, problems = prepare(node)
    if problems:
        raise BadNode(problems=" ".join(problem.message for problem in problems))
    if not isinstance(prepared, Service):
        raise BadNode(problems=f"{node.name} is no service node; only those send requests.")
    return prepared


def _request(service: Service, trial: Trial) -> tuple[OperationRequest, list[str]]:
    """The request with its values filled in, and what the script before it logged."""
    view = View(dict(trial.context), SystemClock().now(), scripts(), person=_person(trial))
    logs: list[str] = []
    if service.pre_script:
        ran = scripts().run(service.pre_script, view.context, SCRIPT_SECONDS)
        if ran.error:
            raise BadNode(problems=f"“pre_script” failed: {ran.error}")
        view, logs = replace(view, context=ran.context), [str(redact(line)) for line in ran.logs]
    try:
        return service.request(view), logs
    except UnsafeUrlPart as error:
        raise BadNode(problems=error.message) from None


def _person(trial: Trial) -> Person:
    app, end_user = trial.app, trial.end_user
    if end_user is None:
        return Person(app_locale=app.locale, app_time_zone=app.time_zone)
    return Person(end_user.locale, end_user.time_zone, end_user.name, end_user.email, app.locale, app.time_zone)


def _called(request: OperationRequest) -> str:
    if request.free is not None:
        return request.operation
    known = api.operations(request.provider).get(request.operation) if request.provider in api.providers() else None
    return known.title if known else request.operation


def _told(answer: api.CallResult) -> dict[str, Any]:
    received = answer.trace.get("response") or {}
    return {
        "outcome": answer.outcome,
        "message": answer.message,
        "status": answer.status_code,
        "headers": received.get("headers", {}),
        # What the node would get, which may be less than what was sent back.
        "body": shortened(redact(answer.body), MOST_SHOWN),
        "duration_ms": answer.duration_ms,
        "request": answer.trace.get("request"),
        "connection": answer.trace.get("connection"),
    }


def _sample(answer: api.CallResult) -> dict[str, Any] | None:
    """The answer as it can be kept with the node; None where there is none, or it is too long to travel with it."""
    if answer.outcome != "answered":
        return None
    body = redact(answer.body)
    if len(json.dumps(body, default=str)) > MOST_OF_A_SAMPLE:
        return None
    return {"title": f"Status {answer.status_code}", "status": answer.status_code, "body": body}
