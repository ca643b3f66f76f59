"""`manage.py import_app helpdesk helpdesk.yaml --dry-run`: an exported file into an App, or what that would change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from dialogs.documents import load_export
from dialogs.flows.import_plan import Plan, TaskPlan, plan_import
from dialogs.flows.importing import apply_import
from xoplatform.core.errors import PlatformError
from xoplatform.models import App

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator


class Command(BaseCommand):
    help = "Takes dialog tasks and tests in from an exported file. Drafts change; what is live goes on running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("app", help="The App's name in addresses, such as helpdesk.")
        parser.add_argument("file", type=Path, help="YAML or JSON, as export_app writes it.")
        parser.add_argument("--full", action="store_true", help="Also delete the tasks that the file does not name.")
        parser.add_argument("--dry-run", action="store_true", help="Only tell what would change.")

    def handle(self, *args: Any, **options: Any) -> None:
        app = App.objects.filter(slug=options["app"]).first()
        if app is None:
            raise CommandError(f"There is no App {options['app']}. Nothing was imported.")
        try:
            content = load_export(options["file"].read_bytes())
            plan = plan_import(app, content, "full" if options["full"] else "incremental")
            for line in told(plan):
                self.stdout.write(line)
            if not options["dry_run"]:
                apply_import(app, content, plan.mode, plan.mark)
        except OSError as error:
            raise CommandError(f"The file cannot be read ({error.strerror}). Nothing was imported.") from error
        except PlatformError as error:
            raise CommandError(error.message) from error
        self.stdout.write("Nothing was changed: this was a dry run." if options["dry_run"] else "Imported.")


def told(plan: Plan) -> Iterator[str]:
    """The report as lines of text."""
    for task in plan.tasks:
        yield from _task(task)
    yield from (f"settings  {line.words}" for line in plan.settings)
    for name, effect in plan.tests:
        yield f"{effect:9} test {name}"
    yield from plan.notes


def _task(task: TaskPlan) -> Iterator[str]:
    yield f"{task.effect:9} {task.name}: {task.title}"
    for line in task.comparison.head:
        yield f"            {line.words}"
    for change in task.comparison.nodes:
        yield f"          {change.state} {change.name}"
        if change.state == "changed":
            yield from (f"            {line.words}" for line in change.lines)
    yield from (f"          problem: {problem}" for problem in task.problems)
