"""What dialogs do when something happens in integrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from django.dispatch import receiver

from dialogs.bridges import taking_a_code
from dialogs.errors import QueueUnreachable
from dialogs.flows import install, resume
from dialogs.flows.queue import enqueue
from dialogs.models import DialogTask
from integrations import api, signals

if TYPE_CHECKING:
    from xoplatform.models import App

log = structlog.get_logger(__name__)


@receiver(signals.connection_authorized, dispatch_uid="dialogs.go_on")
def go_on(app_id: int, end_user_id: int | None = None, **_kwargs: Any) -> None:
    """Sets going what waited for this authorization."""
    for public_id in map(str, resume.waiting_for(app_id, end_user_id)):
        if public_id == taking_a_code.get():
            continue
        try:
            enqueue("resume_conversation", public_id=public_id)
        except QueueUnreachable:
            # The sweep finds it, and so does the person's next message; authorizing must not fail over it.
            log.warning("conversation_not_resumed", conversation=public_id)


@receiver(signals.describe_action, dispatch_uid="dialogs.installed_templates")
def installed_templates(app: App, provider: str, **_kwargs: Any) -> list[str]:
    """The line on an action's card."""
    templates = api.templates(provider)
    present = install.installed(app, provider)
    count = sum(template.id in present for template in templates)
    return [f"{count} of {len(templates)} templates installed"] if templates else []


@receiver(signals.describe_deletion, dispatch_uid="dialogs.tasks_that_stop")
def tasks_that_stop(app: App, provider: str, **_kwargs: Any) -> list[str]:
    """Titles of the dialog tasks that call this provider."""
    rows = DialogTask.objects.filter(app=app, nodes__kind="service", nodes__properties__provider=provider)
    return list(rows.distinct().order_by("title").values_list("title", flat=True))
