from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.api import base, client_of
from tests.dialogs import factories, samples

if TYPE_CHECKING:
    from rest_framework.test import APIClient

    from dialogs.models import DialogTask
    from xoplatform.models import App


@pytest.fixture
def api(app: App) -> APIClient:
    """A program with a key of the App that may do everything."""
    return client_of(app)


@pytest.fixture
def root(app: App) -> str:
    return base(app)


@pytest.fixture
def task(app: App) -> DialogTask:
    """A draft that could be published."""
    return factories.task(app, samples.greeting())


@pytest.fixture
def at(root: str, task: DialogTask) -> str:
    """The address of that task, without the slash at its end."""
    return f"{root}/tasks/{task.pk}"
