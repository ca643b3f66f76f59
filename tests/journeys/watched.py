"""Settings of a stack under observation: as the product's own, but what the queue carried is kept to be read."""

from __future__ import annotations

from xoplatform.settings import *  # noqa: F403

CELERY_BROKER_TRANSPORT_OPTIONS["store_processed"] = True  # noqa: F405
MIDDLEWARE = [*MIDDLEWARE, "tests.journeys.failing.FailingWrites"]  # noqa: F405
