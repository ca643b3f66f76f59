"""`manage.py export_app helpdesk > helpdesk.yaml`: an App's dialogs, or one of them, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from dialogs.flows.exporting import What, export_app, export_task
from dialogs.models import DialogTask
from xoplatform.models import App

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Writes an App's dialog tasks and tests as YAML: no secrets, no connections, no conversations."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("app", help="The App's name in addresses, such as helpdesk.")
        parser.add_argument("--task", help="Only the dialog task of this name.")
        parser.add_argument("--published", action="store_true", help="What is live instead of the drafts.")
        parser.add_argument("--output", type=Path, help="The file to write; otherwise it is printed.")

    def handle(self, *args: Any, **options: Any) -> None:
        app = App.objects.filter(slug=options["app"]).first()
        if app is None:
            raise CommandError(f"There is no App {options['app']}. Nothing was written.")
        what: What = "published" if options["published"] else "draft"
        if options["task"]:
            task = DialogTask.objects.filter(app=app, name=options["task"]).first()
            if task is None:
                raise CommandError(f"{app.name} has no dialog task {options['task']}. Nothing was written.")
            text = export_task(task, what)
        else:
            text = export_app(app, what)
        if options["output"]:
            options["output"].write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text)
