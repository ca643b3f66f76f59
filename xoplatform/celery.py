"""The Celery application. Run it with ``celery -A xoplatform.celery worker`` (or ``beat``)."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xoplatform.settings")

app = Celery("xoplatform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
