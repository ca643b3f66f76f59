"""What dialogs do when something happens in integrations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from django.dispatch import receiver

from dialogs.bridges import taking_a_code
from dialogs.errors import QueueUnreachable
from dialogs.flows import install, resume
from dialogs.flows.queue import enqueue
from dialogs.models import Conversation, DialogTask, Node, Turn
from integrations import api, signals
from xoplatform import signals as frame

if TYPE_CHECKING:
    from xoplatform.models import App, EndUser

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


@receiver(signals.operations_in_use, dispatch_uid="dialogs.operations_in_use")
def operations_in_use(app: App, provider: str, **_kwargs: Any) -> list[tuple[str, list[str]]]:
    """Each dialog task that calls this provider, with the operations it calls; one query."""
    rows = Node.objects.filter(task__app=app, kind="service", properties__provider=provider)
    found: dict[str, list[str]] = {}
    for title, operation in rows.order_by("task__title").values_list("task__title", "properties__operation"):
        if operation:
            found.setdefault(title, []).append(operation)
    return list(found.items())


@receiver(frame.end_user_erasing, dispatch_uid="dialogs.forget")
def forget_person(end_user: EndUser, **_kwargs: Any) -> None:
    """Deletes what the person said and was told."""
    Conversation.objects.filter(end_user=end_user).delete()


@receiver(frame.describe_erasure, dispatch_uid="dialogs.held_about")
def held_about(end_user: EndUser, **_kwargs: Any) -> list[str]:
    """The sentence of the page that asks before an erasure."""
    conversations = Conversation.objects.filter(end_user=end_user).count()
    turns = Turn.objects.filter(conversation__end_user=end_user).count()
    return [f"Conversations: {conversations}, with {turns} messages and their traces."]
