from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache

from tests.dialogs.waiting import Queue
from tests.factories import EndUserFactory

if TYPE_CHECKING:
    from xoplatform.models import App, EndUser


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    """What was counted in one test does not slow down the next."""
    cache.clear()


@pytest.fixture
def person(app: App) -> EndUser:
    created: EndUser = EndUserFactory.create(app=app)
    return created


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    queue = Queue()
    monkeypatch.setattr("dialogs.flows.arrivals.enqueue", queue.put)
    return queue
