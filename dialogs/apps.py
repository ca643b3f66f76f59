from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig

#: Register pages, receivers and checks when they are imported.
REGISTERING = (
    "checks",
    "receivers",
    "canvas.views",
    "canvas.editing",
    "canvas.test_request",
    "talk.views",
    "talk.files",
    "widget.embed_page",
)


class DialogsConfig(AppConfig):
    name = "dialogs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for module in REGISTERING:
            import_module(f"dialogs.{module}")
