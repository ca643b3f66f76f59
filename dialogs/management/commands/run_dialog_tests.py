"""`manage.py run_dialog_tests --app helpdesk`: recorded conversations against the drafts. No provider is called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from dialogs.flows.testing import Outcome, run_all
from dialogs.models import DialogTask
from xoplatform.models import App

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator


class Command(BaseCommand):
    help = "Runs the tests of one App or of all; fails when one of them does. No provider is called."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--app", help="Only of the App of this name in addresses, such as helpdesk.")
        parser.add_argument("--task", help="Only those that try the dialog task of this name.")

    def handle(self, *args: Any, **options: Any) -> None:
        outcomes = [outcome for app in self._apps(options["app"]) for outcome in self._run(app, options["task"])]
        for outcome in outcomes:
            for line in told(outcome):
                self.stdout.write(line)
        failed = sum(not outcome.passed for outcome in outcomes)
        if failed:
            raise CommandError(f"{failed} of {len(outcomes)} tests failed.")
        self.stdout.write(f"{len(outcomes)} tests passed.")

    def _apps(self, slug: str | None) -> list[App]:
        apps = list(App.objects.filter(slug=slug) if slug else App.objects.all())
        if slug and not apps:
            raise CommandError(f"There is no App {slug}. No test was run.")
        return apps

    def _run(self, app: App, name: str | None) -> list[Outcome]:
        if not name:
            return run_all(app)
        task = DialogTask.objects.filter(app=app, name=name).first()
        if task is None:
            raise CommandError(f"{app.name} has no dialog task {name}. Its tests were not run.")
        return run_all(app, task)


def told(outcome: Outcome) -> Iterator[str]:
    """How a test went: a line, and for what is different expected and got below each other."""
    where = f"{outcome.test.app.slug}: {outcome.test.name}"
    yield f"{'passed' if outcome.passed else 'FAILED'}  {where} ({outcome.duration_ms} ms)"
    if outcome.error:
        yield f"        {outcome.error}"
    for number, turn in enumerate(outcome.turns, start=1):
        for row in turn["findings"]:
            if not row["passed"]:
                yield f"        turn {number}, {row['what']}"
                yield from (f"          - {line}" for line in row["expected"].splitlines() or [""])
                yield from (f"          + {line}" for line in row["got"].splitlines() or [""])
