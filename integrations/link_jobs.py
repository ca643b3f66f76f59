"""Celery jobs that make and send authorization links."""

from __future__ import annotations

from celery import shared_task

from integrations.flows import links

#: Seconds between two runs of the clock, which takes up whatever waits longer.
CLOCK = 60.0


@shared_task(name="integrations.jobs.prepare_links")
def prepare_links(batch_id: int) -> None:
    """Makes the links of a batch. A second run goes on where the first one stopped."""
    links.prepare(batch_id)


@shared_task(name="integrations.jobs.send_links")
def send_links(again: bool = False) -> None:
    """Sends the mails that the pace allows now, and queues itself for the next ones.

    A job whose turn has not come waits for it once; then it leaves the rest to the one that keeps the pace.
    """
    turn_came, pause = links.send_slice()
    if pause is None or pause > CLOCK or (again and not turn_came):
        return
    send_links.apply_async(kwargs={"again": True}, countdown=pause)


@shared_task(name="integrations.jobs.send_waiting_links")
def send_waiting_links() -> None:
    """Takes up what a lost job left: batches half made, mails that wait."""
    for pk in links.unprepared():
        prepare_links.apply_async(kwargs={"batch_id": pk})
    if links.something_to_send():
        send_links.apply_async(kwargs={"again": True})
