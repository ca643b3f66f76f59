"""What happens in the background."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from celery import shared_task

from dialogs.errors import StillWorking
from dialogs.flows import (
    desk,
    edit_log,
    events,
    importing,
    line,
    presence,
    progress,
    resume,
    retention,
    shared_values,
    snapshots,
    uploads,
)
from dialogs.flows.webhooks import delivering, handing_out, lanes, sweeping
from integrations import api

if TYPE_CHECKING:
    from celery import Task


@shared_task(name="dialogs.jobs.install_templates")
def install_templates(app_id: int, provider: str, template_ids: list[str]) -> None:
    """Installs templates one after the other; each row of `Installation` tells how far it came."""
    progress.carry_out(app_id, provider, template_ids)


@shared_task(name="dialogs.jobs.resume_conversation", autoretry_for=[StillWorking], retry_backoff=True, max_retries=5)
def resume_conversation(public_id: str) -> None:
    """Goes on with a conversation that waited for an authorization."""
    resume.resume_conversation(uuid.UUID(public_id))


@shared_task(name="dialogs.jobs.resume_waiting")
def resume_waiting() -> int:
    """Hands out one job per conversation that still waits although its grant has come; how many.

    For what a crash or an unreachable queue swallowed. A beat that runs twice does no harm: the second job finds a
    conversation that waits no more.
    """
    found = resume.overdue()
    for public_id in found:
        resume_conversation.apply_async(kwargs={"public_id": str(public_id)}, expires=resume.PERIOD)
    return len(found)


@shared_task(name="dialogs.jobs.take_arrivals", autoretry_for=[StillWorking], retry_backoff=True, max_retries=5)
def take_arrivals(public_id: str) -> int:
    """Goes on with a conversation for which something came from outside; how many turns that made."""
    return len(events.take_arrivals(uuid.UUID(public_id)))


@shared_task(name="dialogs.jobs.answer_messages")
def answer_messages(conversation_id: int) -> int:
    """Answers the messages that wait in a conversation's line; how many."""
    return line.work_off(conversation_id)


@shared_task(name="dialogs.jobs.answer_left_behind")
def answer_left_behind() -> int:
    """Hands out one job per conversation in whose line somebody waits and nobody works; how many.

    For what a process that died or a server that stopped left behind.
    """
    found = line.left_behind()
    for conversation_id in found:
        answer_messages.apply_async(kwargs={"conversation_id": conversation_id}, expires=line.PERIOD)
    return len(found)


@shared_task(name="dialogs.jobs.end_expired_waits")
def end_expired_waits() -> int:
    """Ends waits whose time limit is over, and takes up arrivals that a crash or an unreachable queue left behind."""
    return events.end_expired()


@shared_task(name="dialogs.jobs.prune_waits")
def prune_waits() -> int:
    """Deletes what ended long ago."""
    return events.prune()


@shared_task(name="dialogs.jobs.drop_expired_values")
def drop_expired_values() -> int:
    """Deletes session values whose time is over; they are read no more anyway."""
    return shared_values.drop_expired()


@shared_task(name="dialogs.jobs.tell_desk_of_end", bind=True, max_retries=8)
def tell_desk_of_end(self: Task[..., bool], key: str) -> bool:
    """Tells an agent desk that a chat is over; asks again later, up to about an hour, when it does not answer."""
    told = desk.send_end(key)
    if not told and self.request.retries < (self.max_retries or 0):
        raise self.retry(countdown=15 * 2**self.request.retries)
    return told


@shared_task(name="dialogs.jobs.prune_edits")
def prune_edits() -> int:
    """Daily: forgets edits of drafts that nobody merges with any more, tabs that were closed without a word, and
    snapshots of drafts that nothing runs any more.
    """
    presence.forget()
    snapshots.prune_snapshots()
    return edit_log.prune_all()


@shared_task(name="dialogs.jobs.prune_traces")
def prune_traces() -> dict[str, int]:
    """Daily: empties traces and calls that are older than they may be kept, and deletes files as old as these."""
    cutoff = retention.cutoff()
    return {
        "turns": retention.prune_turns(cutoff) if cutoff else 0,
        "calls": api.empty_calls(cutoff) if cutoff else 0,
        "imports": importing.prune_imports(),
        "messages": line.prune(),
        "attachments": uploads.prune(cutoff),
        "webhook_events": sweeping.prune(cutoff) if cutoff else 0,
    }


@shared_task(name="dialogs.jobs.hand_out_events")
def hand_out_events(event_ids: list[int]) -> None:
    """Makes the deliveries of events that were just recorded, and has them sent."""
    found = handing_out.hand_out([*event_ids, *handing_out.pending()])
    free = lanes.free(found)
    for webhook_id in free[1:]:
        deliver_webhook.apply_async(kwargs={"webhook_id": webhook_id})
    if free:
        deliver_webhook(free[0])


@shared_task(name="dialogs.jobs.deliver_webhook")
def deliver_webhook(webhook_id: int) -> None:
    """Sends what is due to one webhook. What is left after a while goes to the back of the queue."""
    if delivering.deliver(webhook_id):
        deliver_webhook.apply_async(kwargs={"webhook_id": webhook_id})


@shared_task(name="dialogs.jobs.sweep_webhooks")
def sweep_webhooks() -> int:
    """Sets deliveries going whose time has come, and what was left behind; for how many webhooks."""
    found = sweeping.sweep()
    for webhook_id in sorted(found):
        deliver_webhook.apply_async(kwargs={"webhook_id": webhook_id}, expires=sweeping.PERIOD)
    return len(found)
