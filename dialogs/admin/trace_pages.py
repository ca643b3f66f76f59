"""*Traces*: how each answer came about, found by what happened in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from dialogs.engine.context import clean_text
from dialogs.flows.traces import PAGE, STATUSES, Search, calls_of, find_turns, open_turn
from dialogs.models import Conversation, Node, Turn
from integrations import api
from xoplatform.admin_site import app_page, page_context

from .display import badge, older_page
from .transcript import turn_view

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xoplatform.models import App

#: What is looked through unless somebody asks for more.
USUAL = timedelta(days=7)
LONGEST = 200


@app_page("traces/", name="app_traces")
@require_GET
def traces(request: HttpRequest, app: App) -> HttpResponse:
    """The newest first, a page at a time."""
    search, wrong = _search(request)
    before = request.GET.get("before", "")
    rows = find_turns(app, search, int(before) if before.isdecimal() and len(before) < 19 else None)  # noqa: PLR2004
    context = page_context(
        request,
        app,
        "Traces",
        rows=[_row(turn) for turn in rows[:PAGE]],
        search=search,
        wrong=wrong,
        statuses=STATUSES,
        nodes=list(Node.objects.filter(task__app=app).values_list("name", flat=True).distinct().order_by("name")),
        operations=sorted({name for provider in api.providers() for name in api.operations(provider)}),
        older=older_page(request, rows[PAGE - 1].pk) if len(rows) > PAGE else "",
        asked=bool({*request.GET} - {"before"}),
    )
    return render(request, "dialogs/traces/traces.html", context)


def _search(request: HttpRequest) -> tuple[Search, list[str]]:
    """What was asked for, and what of it could not be read."""
    texts: dict[str, Any] = {
        name: clean_text(request.GET.get(name, "")).strip()[:LONGEST]
        for name in ("text", "node", "operation", "status", "connection", "person")
    }
    wrong = [] if texts["status"] in {"", *STATUSES} else ["There is no such status."]
    if texts["connection"] and not texts["connection"].isdecimal():
        wrong.append("A connection is named by its number, which its page shows in the address.")
    times: dict[str, Any] = {}
    for name in ("since", "until"):
        given = request.GET.get(name, "")
        times[name] = _moment(given)
        if given and times[name] is None:
            wrong.append(f"“{given[:40]}” is no date and time.")
    if "since" not in request.GET:
        times["since"] = timezone.now() - USUAL
    return Search(**texts, **times), wrong


def _moment(given: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=timezone.get_current_timezone())


def _row(turn: Turn) -> dict[str, Any]:
    steps = (turn.trace or {}).get("steps") or []
    return {
        "turn": turn,
        "reply": next((reply.get("text", "") for reply in turn.replies), ""),
        "nodes": [str(step.get("node", "")) for step in steps],
        "failed": any(step.get("status") == "failed" for step in steps),
        "calls": [str(step["operation"]) for step in steps if step.get("operation")],
        "duration_ms": round((turn.trace or {}).get("duration_ms") or 0),
    }


@app_page("traces/<int:pk>/", name="app_trace")
@require_GET
def trace(request: HttpRequest, app: App, pk: int) -> HttpResponse:
    """One turn: what was said, how it was understood, every node passed, and the calls with whose rights."""
    turn = open_turn(app, pk)
    if turn is None:
        raise Http404("No such turn.")
    row = turn.conversation
    context = page_context(
        request,
        app,
        f"Turn {turn.number}",
        turn=turn,
        view=turn_view(turn),
        conversation=row,
        calls=list(_calls(turn)),
        neighbours=_neighbours(row, turn.number),
    )
    return render(request, "dialogs/traces/trace.html", context)


def _calls(turn: Turn) -> Iterable[dict[str, Any]]:
    tones = {"succeeded": "ok", "failed": "error", "unknown": "warn"}
    # Calls that must not be repeated are stored before the others; people read them in the order of the steps.
    passed = [step.get("operation") for step in (turn.trace or {}).get("steps", [])]
    for call in sorted(
        calls_of(turn), key=lambda one: passed.index(one.operation) if one.operation in passed else len(passed)
    ):
        link = reverse("admin:integrations_operationcall_change", args=[call.pk])
        yield {"call": call, "link": link, "badge": badge(call.get_status_display(), tones.get(call.status, "off"))}


def _neighbours(row: Conversation, number: int) -> dict[int, int]:
    """Keys of the turns before and after, by their numbers."""
    return dict(row.turns.filter(number__in=(number - 1, number + 1)).values_list("number", "pk"))
