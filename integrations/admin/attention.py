"""What integrations say on Home and on an App's Overview."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from integrations.flows.client_fault_mails import page_of_fault
from integrations.flows.client_faults import apps_of
from integrations.flows.configure import actions_of
from integrations.models import Action, ClientFault
from xoplatform.dashboard import Attention, attention
from xoplatform.overview import Step, set_up_steps

from .base import title_of
from .cards import page_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xoplatform.models import App, AppQuerySet


@attention
def actions_in_error(apps: AppQuerySet) -> Iterable[Attention]:
    """Actions whose authorization was lost: dialogs fail there until somebody authorizes again."""
    broken = Action.objects.filter(app__in=apps, status=Action.Status.ERROR).select_related("app")
    for action in broken:
        yield Attention(
            app=action.app,
            title=f"{title_of(action.provider)} needs authorization",
            detail=action.error_reason,
            link=page_of(action, "app_action"),
            level="error",
            label="Re-authorize",
        )


@attention
def clients_refused(apps: AppQuerySet) -> Iterable[Attention]:
    """Registrations that their provider refuses: tokens are not renewed until somebody corrects them."""
    for fault in ClientFault.objects.select_related("profile"):
        for app in apps.filter(pk__in=apps_of(fault).values("pk")):
            action = Action(app=app, provider=fault.provider)
            custom = fault.profile_id is not None
            whose = f"“{fault.profile}”" if custom else "this installation"
            yield Attention(
                app=app,
                title=f"{title_of(fault.provider)} refuses the client of {whose}",
                detail=f"Authorizations are kept, but cannot be renewed. It said: {fault.words or 'nothing more'}.",
                link=page_of_fault(fault) if custom else page_of(action, "app_action"),
                level="error",
                label="Correct the profile" if custom else "Look",
            )


@set_up_steps
def authorize_an_action(app: App) -> Iterable[Step]:
    """The first step of the set-up; it leads to the one action there is, or to the choice among several."""
    actions = actions_of(app)
    if not actions:
        return
    only = actions[0] if len(actions) == 1 else None
    what = title_of(only.provider) if only else "an action"
    yield Step(
        order=10,
        title=f"Authorize and enable {what}",
        detail="Dialogs can then work there with the rights of the account that allows it.",
        link=page_of(only, "app_action") if only else reverse("admin:app_actions", args=[app.slug]),
        label="Authorize",
        done=any(action.status == Action.Status.ENABLED for action in actions),
    )
