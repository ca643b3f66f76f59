from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from dialogs.flows.publish import publish
from dialogs.flows.webhooks import keeping
from dialogs.flows.webhooks.types import TYPES
from tests.dialogs.factories import task
from tests.dialogs.hooks import Clock
from tests.dialogs.receiver import Receiver
from tests.dialogs.samples import greeting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dialogs.models import Webhook
    from xoplatform.models import App


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        running.answer = lambda _received: (204, None)
        yield running


@pytest.fixture
def hook(app: App, receiver: Receiver) -> Webhook:
    """Gets everything."""
    return keeping.create(app, "Ours", f"{receiver.url}/in", list(TYPES))[0]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(timezone.now)
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock


@pytest.fixture
def greets(app: App) -> None:
    publish(task(app, greeting()))
