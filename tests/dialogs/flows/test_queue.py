from __future__ import annotations

from pathlib import Path

import pytest

from dialogs import jobs
from dialogs.flows.queue import enqueue
from xoplatform.celery import app as celery


@pytest.fixture(autouse=True)
def folders() -> None:
    """What `make run` makes for the filesystem broker; others have none."""
    for name in ("data_folder_in", "control_folder"):
        if folder := celery.conf.broker_transport_options.get(name):
            Path(folder).mkdir(parents=True, exist_ok=True)


def test_a_job_reaches_the_queue_under_the_name_by_which_workers_know_it() -> None:
    enqueue("resume_conversation", public_id="3f2c")
    with celery.connection_for_read() as connection:
        message = connection.SimpleQueue(celery.conf.task_default_queue).get(timeout=5)
        message.ack()
    assert message.headers["task"] == jobs.resume_conversation.name
    assert message.payload[1] == {"public_id": "3f2c"}
