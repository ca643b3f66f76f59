"""One webhook with its log, one delivery with its tries, and sending them once more."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dialogs.errors import WebhookIsOff
from dialogs.flows.webhooks import keeping, looking, replaying
from dialogs.flows.webhooks.payload import payload_of
from dialogs.flows.webhooks.types import PING, TYPES
from dialogs.models import Webhook, WebhookDelivery
from xoplatform.admin_site import app_page, page_context
from xoplatform.models import Role

from .display import older_page
from .webhook_pages import show_secret, standing, webhook_of

if TYPE_CHECKING:
    import uuid

    from xoplatform.models import App

State = WebhookDelivery.State
TONES: Final = {State.QUEUED: "info", State.DELIVERED: "ok", State.FAILED: "warn", State.GIVEN_UP: "error"}
#: How far back failed deliveries can be sent again, in hours, with how that reads.
BACK: Final = {1: "the last hour", 24: "the last day", 168: "the last seven days", 720: "the last 30 days"}
LONGEST_KEY: Final = 18


def _needs_developer(request: HttpRequest, app: App) -> None:
    role = app.role_of(request.user)
    if role is None or not role.covers(Role.DEVELOPER):
        raise PermissionDenied("Sending and changing webhooks needs the role Developer. Ask an owner of the App.")


@app_page("webhooks/<uuid:key>/", name="app_webhook")
@never_cache
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest, app: App, key: uuid.UUID) -> HttpResponse:
    """One webhook. A POST sends a ping, or makes a new secret and shows it once."""
    hook = webhook_of(app, key)
    if request.method == "POST":
        _needs_developer(request, app)
        if request.POST.get("do") == "secret":
            return show_secret(request, hook, keeping.rotate_secret(hook, by=request.user), fresh=False)
        _ping(request, hook)
        return redirect("admin:app_webhook", app.slug, hook.key)
    context = page_context(request, app, hook.name, hook=hook, standing=standing(hook), **_log(request, hook))
    return render(request, "dialogs/webhooks/webhook.html", context)


def _ping(request: HttpRequest, hook: Webhook) -> None:
    (last,) = keeping.ping(hook).attempts
    if not last["error"]:
        messages.success(request, f"The ping was taken: answered {last['status']} in {last['duration_ms']} ms.")
        return
    hint = " It may not accept the signature: give it the secret." if last["status"] in {401, 403} else ""
    messages.error(request, f"The ping was not taken. {last['error']}{hint}")


def _log(request: HttpRequest, hook: Webhook) -> dict[str, Any]:
    state, type_ = request.GET.get("state", ""), request.GET.get("event", "")
    state, type_ = state if state in State.values else "", type_ if type_ in {*TYPES, PING} else ""
    before = request.GET.get("before", "")
    found = looking.deliveries(
        hook, state, type_, int(before) if before.isdecimal() and len(before) <= LONGEST_KEY else None
    )
    return {
        "rows": [_row(row) for row in found[: looking.PAGE]],
        "older": older_page(request, found[looking.PAGE - 1].pk) if len(found) > looking.PAGE else "",
        "asked": bool(state or type_ or before),
        "states": State.choices,
        "types": [*TYPES, PING],
        "state": state,
        "type": type_,
    }


def _row(row: WebhookDelivery) -> dict[str, Any]:
    last = row.attempts[-1] if row.attempts else None
    is_due = row.next_attempt_at is not None and row.next_attempt_at <= timezone.now()
    told = {"row": row, "tone": TONES[State(row.state)], "last": last, "count": len(row.attempts)}
    return told | {"is_due": is_due}


@app_page("webhooks/<uuid:key>/deliveries/<int:pk>/", name="app_webhook_delivery")
@require_http_methods(["GET", "POST"])
def delivery(request: HttpRequest, app: App, key: uuid.UUID, pk: int) -> HttpResponse:
    """One delivery. A POST has it sent again."""
    hook = webhook_of(app, key)
    row = WebhookDelivery.objects.filter(webhook=hook, pk=pk).select_related("event").first()
    if row is None:
        raise Http404("No such delivery.")
    if request.method == "POST":
        _needs_developer(request, app)
        row.webhook = hook
        try:
            replaying.replay(row)
            messages.success(request, "It is being sent again. Reload the page to see what became of it.")
        except WebhookIsOff as error:
            messages.error(request, error.message)
        return redirect("admin:app_webhook_delivery", app.slug, hook.key, pk)
    tries = [{**one, "at": datetime.fromisoformat(one["at"])} for one in reversed(row.attempts)]
    payload = json.dumps(payload_of(row.event, app.slug, addresses=False), ensure_ascii=False, indent=2)
    context = page_context(request, app, row.type, hook=hook, tries=tries, payload=payload, **_row(row))
    return render(request, "dialogs/webhooks/delivery.html", context)


@app_page("webhooks/<uuid:key>/replay/", name="app_webhook_replay", role=Role.DEVELOPER)
@require_http_methods(["GET", "POST"])
def replay(request: HttpRequest, app: App, key: uuid.UUID) -> HttpResponse:
    """Asks how far back, says how many deliveries that are, and has them sent again."""
    hook = webhook_of(app, key)
    given = (request.POST if request.method == "POST" else request.GET).get("hours", "24")
    hours = int(given) if given in map(str, BACK) else 24
    since = timezone.now() - timedelta(hours=hours)
    if request.method == "POST":
        try:
            count = replaying.replay_failed(hook, since)
            messages.success(request, f"{count} {'delivery is' if count == 1 else 'deliveries are'} being sent again.")
        except WebhookIsOff as error:
            messages.error(request, error.message)
        return redirect("admin:app_webhook", app.slug, hook.key)
    count = replaying.failed(hook, since).count()
    context = page_context(
        request, app, "Send again", hook=hook, hours=hours, back=BACK, words=BACK[hours], count=count
    )
    return render(request, "dialogs/webhooks/replay.html", context)
