"""An App's signing secret and its agent desk, and which dialogs use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dialogs.errors import UnsafeDesk
from dialogs.flows.desk import try_desk
from dialogs.flows.event_settings import check_desk, renew_secret, save_desk, settings_of
from dialogs.models import Node, Wait
from xoplatform.admin_site import app_page, page_context
from xoplatform.models import Role

if TYPE_CHECKING:
    from dialogs.models import EventSettings
    from xoplatform.models import App


class DeskForm(forms.Form):
    """Where the agent desk is; empty for none."""

    desk_url = forms.URLField(
        label=_("Address"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Gets handovers and messages as signed POSTs. Leave it empty to have no agent desk."),
    )

    def clean_desk_url(self) -> str:
        url: str = self.cleaned_data["desk_url"]
        if url:
            try:
                check_desk(url)
            except UnsafeDesk as error:
                raise ValidationError(error.message) from None
        return url


@app_page("dialogs/outside/", name="app_outside")
@never_cache
@require_http_methods(["GET", "POST"])
def outside(request: HttpRequest, app: App) -> HttpResponse:
    """All members see what there is, developers change it. A new secret is shown once, in the answer that makes it."""
    role: Role = request.app_role  # type: ignore[attr-defined]  # set by open_app
    if request.method != "POST":
        return _page(request, app)
    if not role.covers(Role.DEVELOPER):
        raise PermissionDenied(
            "Changing webhooks and the agent desk needs the role Developer. Ask an owner of the App."
        )
    if request.POST.get("do") == "secret":
        return _page(request, app, fresh_secret=renew_secret(app))
    if request.POST.get("do") == "try":
        fine, words = try_desk(app)
        (messages.success if fine else messages.error)(request, words)
        return _back(app)
    form = DeskForm(request.POST)
    if not form.is_valid():
        return _page(request, app, form=form)
    save_desk(app, form.cleaned_data["desk_url"])
    messages.success(request, _("The agent desk was saved. It holds from the next handover on."))
    return _back(app)


def _back(app: App) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:app_outside", args=[app.slug]))


def _page(request: HttpRequest, app: App, form: DeskForm | None = None, **extra: Any) -> HttpResponse:
    kept = settings_of(app)
    form = form or DeskForm(initial={"desk_url": kept.desk_url})
    context = page_context(
        request,
        app,
        "Webhooks and agent desk",
        form=form,
        kept=kept,
        has_secret=bool(kept.secret),
        users=_users(app),
        with_agent=_with_agent(kept),
        **extra,
    )
    return render(request, "dialogs/outside/outside.html", context, status=400 if form.errors else 200)


def _users(app: App) -> dict[str, list[tuple[str, int]]]:
    """The dialog tasks that call webhooks, and those that hand over, as (title, id)."""
    kinds = ("webhook", "agent_transfer")
    rows = Node.objects.filter(task__app=app, kind__in=kinds).order_by("task__title")
    found: dict[str, list[tuple[str, int]]] = {kind: [] for kind in kinds}
    for kind, title, task_id in rows.values_list("kind", "task__title", "task_id").distinct():
        found[kind].append((title, task_id))
    return found


def _with_agent(kept: EventSettings) -> int:
    """Conversations that are with the desk now."""
    return Wait.objects.filter(conversation__app=kept.app_id, kind="agent", status=Wait.Status.OPEN).count()
