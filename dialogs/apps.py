from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

#: Register pages, receivers and checks when they are imported.
REGISTERING = ("checks", "receivers", "canvas.views", "talk.views")


class DialogsConfig(AppConfig):
    name = "dialogs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in REGISTERING:
            import_module(f"dialogs.{module}")
