"""What dialogs do when something happens in integrations."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import structlog
from django.db.models.signals import post_delete
from django.db.transaction import on_commit
from django.dispatch import receiver
from django.urls import reverse

from dialogs.bridges import taking_a_code
from dialogs.errors import QueueUnreachable
from dialogs.flows import install, resume
from dialogs.flows.queue import enqueue
from dialogs.flows.webhooks import telling
from dialogs.models import Attachment, Conversation, DialogTask, Node, SharedValue, Turn
from integrations import api, signals
from xoplatform import signals as frame

if TYPE_CHECKING:
    from collections.abc import Iterable

    from integrations.signals import ConnectionChange
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


@receiver(signals.connections_changed, dispatch_uid="dialogs.tell_of_connections")
def tell_of_connections(app_id: int, provider: str, changes: Iterable[ConnectionChange], **_kwargs: Any) -> None:
    """Tells the App's webhooks."""
    telling.note_connections(app_id, provider, changes)


@receiver(signals.action_failed_or_mended, dispatch_uid="dialogs.tell_of_action")
def tell_of_action(app_id: int, provider: str, reason: str | None, **_kwargs: Any) -> None:
    """Tells the App's webhooks."""
    telling.note_action(app_id, provider, reason)


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


@receiver(signals.describe_call, dispatch_uid="dialogs.turn_of_call")
def turn_of_call(call: Any, **_kwargs: Any) -> list[tuple[str, str]]:
    """The trace of the turn that made a call, and its conversation; two queries, none where a call names neither."""
    try:
        reference = uuid.UUID(call.reference)
    except ValueError:
        return []
    row = Conversation.objects.select_related("app").filter(public_id=reference, app_id=call.app_id).only("app").first()
    if row is None:
        return []
    links = [("Conversation", reverse("admin:dialogs_conversation_change", args=[row.pk]))]
    turn = row.turns.filter(number=int(call.part)).only("pk").first() if call.part.isdecimal() else None
    trace = [(f"Trace of turn {call.part}", reverse("admin:app_trace", args=[row.app.slug, turn.pk]))] if turn else []
    return [*trace, *links]


@receiver(frame.end_user_erasing, dispatch_uid="dialogs.forget")
def forget_person(end_user: EndUser, **_kwargs: Any) -> None:
    """Deletes what the person said and was told."""
    Conversation.objects.filter(end_user=end_user).delete()


@receiver(post_delete, sender=Attachment, dispatch_uid="dialogs.delete_contents")
def delete_contents(instance: Attachment, **_kwargs: Any) -> None:
    """Takes a file's contents away once its row is gone for good, whatever deleted it."""
    content = instance.content
    on_commit(lambda: content.storage.delete(content.name), robust=True)


@receiver(frame.describe_erasure, dispatch_uid="dialogs.held_about")
def held_about(end_user: EndUser, **_kwargs: Any) -> list[str]:
    """The sentences of the page that asks before an erasure."""
    conversations = Conversation.objects.filter(end_user=end_user).count()
    turns = Turn.objects.filter(conversation__end_user=end_user).count()
    told = [f"Conversations: {conversations}, with {turns} messages and their traces."]
    if files := Attachment.objects.filter(end_user=end_user).count():
        told.append(f"Files that they sent: {files}.")
    if values := SharedValue.objects.filter(end_user=end_user).count():
        told.append(f"Values that dialogs remember of this person: {values}.")
    return told
