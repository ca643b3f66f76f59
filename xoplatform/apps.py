from __future__ import annotations

from django.apps import AppConfig


class PlatformConfig(AppConfig):
    name = "xoplatform"
    verbose_name = "Platform"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Celery must know the app before any shared_task is called; importing it in
        # xoplatform/__init__ would tie the plain-Python dialog engine to Celery.
        from . import celery, checks  # noqa: F401
