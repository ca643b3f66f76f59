"""What happens in the background."""

from __future__ import annotations

import uuid

from celery import shared_task

from dialogs.errors import StillWorking
from dialogs.flows import progress, resume


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
