"""An App's first page: how far its set-up is, and what needs attention in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.shortcuts import render
from django.urls import reverse

from .admin_site import app_page, page_context
from .dashboard import attention_in, figures_of
from .models import App, Role

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class Step:
    """One line of the set-up check list. ``order`` places it among those of other apps:
    10 authorize · 20 install · 30 try · 40 publish · 50 connect a channel."""

    order: int
    title: str
    detail: str
    link: str
    #: The verb on the button while the step is open.
    label: str
    done: bool = False
    #: The role that can do it; others read who to ask.
    role: Role = Role.DEVELOPER


StepProvider = Callable[[App], Iterable[Step]]
AnyProvider = TypeVar("AnyProvider", bound=StepProvider)

_steps: list[StepProvider] = []


def set_up_steps(provider: AnyProvider) -> AnyProvider:
    """Registers a provider of set-up steps of one App."""
    _steps.append(provider)
    return provider


@app_page("", name="app_overview")
def overview(request: HttpRequest, app: App) -> HttpResponse:
    """The App's page from which everything else is reached."""
    role: Role = request.app_role  # type: ignore[attr-defined]  # set by open_app
    steps = sorted((step for provider in _steps for step in provider(app)), key=lambda step: step.order)
    only_this = App.objects.filter(pk=app.pk)
    context = page_context(
        request,
        app,
        "Overview",
        steps=[(step, role.covers(step.role)) for step in steps],
        steps_done=sum(step.done for step in steps),
        attention=attention_in(only_this),
        figures=figures_of(only_this),
        members=app.members.select_related("user").order_by("user__username"),
        end_user_count=app.end_users.count(),
        edit_link=reverse("admin:xoplatform_app_change", args=[app.pk]),
    )
    return render(request, "xoplatform/overview.html", context)
