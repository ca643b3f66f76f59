from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.utils import timezone

from integrations import link_jobs
from integrations.flows import links
from integrations.models import LinkBatch, MailPace
from xoplatform.celery import app as celery

from .flows.mailing import allowing, people

if TYPE_CHECKING:
    from django.conf import LazySettings

pytestmark = pytest.mark.django_db


class Queue:
    """Notes what is queued instead of queueing it."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, dict[str, Any], float]] = []

    def note(self, name: str) -> Any:
        def apply_async(kwargs: dict[str, Any] | None = None, countdown: float = 0) -> None:
            self.jobs.append((name, kwargs or {}, countdown))

        return apply_async


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue()
    for job in (link_jobs.send_links, link_jobs.prepare_links):
        monkeypatch.setattr(job, "apply_async", queue.note(job.name))
    return queue


def test_workers_know_the_jobs_that_flows_queue() -> None:
    celery.loader.import_default_modules()
    for name in ("prepare_links", "send_links", "send_waiting_links"):
        assert f"integrations.jobs.{name}" in celery.tasks


def test_a_job_queues_the_next_slice_for_its_turn(queue: Queue, settings: LazySettings) -> None:
    settings.XO_LINK_MAILS_PER_MINUTE = 60
    action = allowing()
    people(action, 15)
    links.prepare(links.request_batch(action).pk)
    link_jobs.send_links()
    (name, arguments, countdown), *_rest = queue.jobs
    assert (name, arguments) == ("integrations.jobs.send_links", {"again": True})
    assert 8 < countdown <= 10
    assert len(mail.outbox) == 10


def test_the_last_job_queues_nothing(queue: Queue) -> None:
    action = allowing()
    people(action, 3)
    links.prepare(links.request_batch(action).pk)
    link_jobs.send_links()
    assert queue.jobs == []


def test_a_job_out_of_turn_waits_once_and_then_leaves_it_to_the_other(queue: Queue) -> None:
    action = allowing()
    people(action, 3)
    links.prepare(links.request_batch(action).pk)
    MailPace.objects.create(pk=1, next_at=timezone.now() + timedelta(seconds=5))
    link_jobs.send_links()
    assert len(queue.jobs) == 1
    link_jobs.send_links(again=True)
    assert len(queue.jobs) == 1
    assert mail.outbox == []


def test_the_clock_takes_up_lost_batches_and_lost_mails(queue: Queue) -> None:
    batch = links.request_batch(allowing())
    LinkBatch.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    link_jobs.send_waiting_links()
    assert [name for name, *_rest in queue.jobs] == ["integrations.jobs.prepare_links"]
    people(batch.action, 1)
    links.prepare(links.request_batch(batch.action).pk)
    link_jobs.send_waiting_links()
    assert queue.jobs[-1][0] == "integrations.jobs.send_links"


def test_an_idle_clock_queues_nothing(queue: Queue) -> None:
    link_jobs.send_waiting_links()
    assert queue.jobs == []
