"""*Test request* of a service node, for the panel of the canvas.

POST ``…/canvas/test-request/`` (developers, CSRF), a JSON object:

- ``node``: ``{name, kind: "service", properties}``, the node as it stands in the panel, saved or not.
- ``context``: sample values as the context object, ``{"entities": {"projectKey": "DEMO"}}``; may be left out.
- ``connection``: ``"mine"`` (the default) for the grant of whoever is signed in, as in *Talk to Bot*; ``"app"`` for the
  App's own.
- ``confirmed``: ``true`` once a person has confirmed a request that may change something.

Answered with 200, whatever came back from the other side::

    {"outcome": "answered", "message": "", "status": 200, "headers": {…}, "body": …, "duration_ms": 81.2,
     "request": {"method", "url", "body", "headers"?}, "connection": {"owner", "account", "site", …} or null,
     "logs": ["what the script before logged"], "sample": {"title", "status", "body"} or null}

``outcome`` is one of answered, unreachable, timed_out, unknown, authorization_required, refused; ``message`` says in
words what is the matter. Request and answer are redacted; a body of more than 8000 characters is cut. *Save as sample
response* is an ordinary edit that adds ``sample`` to the node's property ``samples``; it is null where there is nothing
to keep, or too much.

Other answers, both ``{"error", "code"}``: 409 ``request_changes`` when the request may change something and
``confirmed`` is not true (nothing was sent: ask, then send it again with ``confirmed``); 400 ``bad_node`` for a node
that cannot be run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from dialogs.errors import BadMessage
from dialogs.flows.try_request import Trial, try_request
from dialogs.graph.model import Node
from dialogs.web import json_errors, read_json
from xoplatform.admin_site import app_page
from xoplatform.models import EndUser, Role

from .views import task_of

if TYPE_CHECKING:
    from xoplatform.models import App


@app_page("dialogs/<int:task_id>/canvas/test-request/", name="app_canvas_test_request", role=Role.DEVELOPER)
@require_POST
@json_errors
def test_request(request: HttpRequest, app: App, task_id: int) -> HttpResponse:
    task_of(app, task_id)
    body = read_json(request)
    whose = body.get("connection", "mine")
    if whose not in ("mine", "app"):
        raise BadMessage(reason="connection must be “mine” or “app”.")
    trial = Trial(
        app=app,
        node=_node(body.get("node")),
        context=_context(body.get("context")),
        end_user=EndUser.objects.for_staff(app, request.user) if whose == "mine" else None,
        confirmed=body.get("confirmed") is True,
    )
    return JsonResponse(try_request(trial))


def _node(value: Any) -> Node:
    if not isinstance(value, dict) or not isinstance(value.get("properties"), dict):
        raise BadMessage(reason="node must have a name, a kind and properties.")
    return Node(
        str(value.get("name") or "request"), str(value.get("kind") or "service"), properties=value["properties"]
    )


def _context(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadMessage(reason="context must be an object.")
    return value
