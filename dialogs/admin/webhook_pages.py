"""*Webhooks*: the addresses that get an App's events; making, changing and deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from dialogs.errors import BadWebhook, TooManyWebhooks
from dialogs.flows.webhooks import keeping
from dialogs.flows.webhooks.replaying import FAILED
from dialogs.flows.webhooks.types import PING
from dialogs.models import Webhook, WebhookDelivery
from xoplatform.admin_site import app_page, page_context
from xoplatform.models import Role

from .webhook_form import WebhookForm, form_of

if TYPE_CHECKING:
    import uuid

    from xoplatform.models import App


def webhook_of(app: App, key: uuid.UUID) -> Webhook:
    """The App's webhook with this key. Raises Http404."""
    row = Webhook.objects.filter(app=app, key=key).first()
    if row is None:
        raise Http404("No such webhook.")
    row.app = app
    return row


def standing(hook: Webhook) -> dict[str, str]:
    """How a webhook is doing: a word with its tone, and the address as people may read it."""
    held = hook.held_until is not None and hook.held_until > timezone.now()
    if not hook.active:
        tone, word = ("error" if hook.off_reason else "off"), "Off"
    elif hook.failures or held:
        tone, word = "warn", "Not reached"
    else:
        tone, word = "ok", "Active"
    return {"tone": tone, "word": word, "url": keeping.shown_url(hook)}


@app_page("webhooks/", name="app_webhooks")
@require_GET
def webhooks(request: HttpRequest, app: App) -> HttpResponse:
    """The list."""
    own = WebhookDelivery.objects.filter(webhook=OuterRef("pk")).order_by()
    missed = own.filter(state__in=FAILED).exclude(type=PING).values("webhook").annotate(count=Count("pk"))
    last = own.order_by("-pk").values("created_at")[:1]
    rows = Webhook.objects.filter(app=app).order_by("pk")
    found = rows.annotate(missed=Subquery(missed.values("count")), last=Subquery(last))
    context = page_context(
        request, app, "Webhooks", rows=[{"hook": hook, "standing": standing(hook)} for hook in found]
    )
    return render(request, "dialogs/webhooks/webhooks.html", context)


@app_page("webhooks/new/", name="app_webhook_new", role=Role.DEVELOPER)
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, app: App) -> HttpResponse:
    """Makes one. Its secret is shown once, in the answer that makes it."""
    form = WebhookForm(request.POST) if request.method == "POST" else WebhookForm()
    if form.is_bound and form.is_valid():
        try:
            hook, secret = keeping.create(app, **form.cleaned_data, by=request.user)
        except BadWebhook as error:
            form.refuse(error)
        except TooManyWebhooks as error:
            form.add_error(None, error.message)
        else:
            return show_secret(request, hook, secret, fresh=True)
    return _form(request, app, form, "Add a webhook")


def show_secret(request: HttpRequest, hook: Webhook, secret: str, *, fresh: bool) -> HttpResponse:
    """The one page that shows a secret; it is not kept by browsers."""
    context = page_context(request, hook.app, hook.name, hook=hook, secret=secret, fresh=fresh)
    return render(request, "dialogs/webhooks/secret.html", context)


@app_page("webhooks/<uuid:key>/edit/", name="app_webhook_edit", role=Role.DEVELOPER)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, app: App, key: uuid.UUID) -> HttpResponse:
    """Changes one."""
    hook = webhook_of(app, key)
    form = WebhookForm(request.POST) if request.method == "POST" else form_of(hook)
    if request.method == "POST" and form.is_valid():
        try:
            keeping.change(hook, **form.cleaned_data, by=request.user)
        except BadWebhook as error:
            form.refuse(error)
        else:
            messages.success(request, f"“{hook.name}” was saved. It holds from the next event on.")
            return redirect("admin:app_webhook", app.slug, hook.key)
    return _form(request, app, form, f"Edit {hook.name}", hook=hook)


def _form(request: HttpRequest, app: App, form: WebhookForm, title: str, **extra: Any) -> HttpResponse:
    context = page_context(request, app, title, form=form, **extra)
    wrong = request.method == "POST"
    return render(request, "dialogs/webhooks/form.html", context, status=400 if wrong else 200)


@app_page("webhooks/<uuid:key>/delete/", name="app_webhook_delete", role=Role.DEVELOPER)
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, app: App, key: uuid.UUID) -> HttpResponse:
    """Asks, then deletes one."""
    hook = webhook_of(app, key)
    if request.method == "POST":
        keeping.delete(hook, by=request.user)
        messages.success(request, f"The webhook “{hook.name}” is deleted.")
        return redirect("admin:app_webhooks", app.slug)
    waiting = hook.deliveries.exclude(next_attempt_at=None).count()
    context = page_context(request, app, "Delete a webhook", hook=hook, waiting=waiting)
    return render(request, "dialogs/webhooks/delete.html", context)
