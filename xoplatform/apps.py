from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PlatformConfig(AppConfig):
    name = "xoplatform"
    verbose_name = "Platform"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Celery must know the app before any shared_task is called; importing it in
        # xoplatform/__init__ would tie the plain-Python dialog engine to Celery.
        from . import celery, checks, metrics  # noqa: F401

        metrics.register()
        post_migrate.connect(_note_first_keys, sender=self)


def _note_first_keys(**_: Any) -> None:
    """From the first day on a lost key is known by name. Later ones are noted by the worker that uses them: a
    migration may run before the processes are restarted, which would then miss a key that nothing needs yet."""
    from .encryption import keys
    from .models import EncryptionKey

    if not EncryptionKey.objects.exists():
        keys.note()
