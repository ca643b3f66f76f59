"""``manage.py setup``: whatever this installation still needs to run. Safe to repeat."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from xoplatform.first_sign_in import ensure_first_account, sign_in_to_show


class Command(BaseCommand):
    help = "Creates folders and tables, collects static files, and makes a first account and a demo App once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--show", action="store_true", help="only say where the installation is and how to sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["show"]:
            self._prepare()
        else:
            self._show()

    def _prepare(self) -> None:
        for folder in getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {}).values():
            if isinstance(folder, str):
                Path(folder).mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        if ensure_first_account():
            self.stdout.write("Made a first account and a demo App.")

    def _show(self) -> None:
        lines = ["", f"  XO Platform      {settings.XO_BASE_URL}"]
        if settings.XO_SANDBOX_URL:
            lines.append(f"  Sandbox          {settings.XO_SANDBOX_URL}   stands in for Atlassian")
        else:
            lines.append(f"  Atlassian        {settings.XO_ATLASSIAN_AUTH_URL}")
        shown = sign_in_to_show()
        if shown:
            lines.append(f"  Sign in          {shown[0]}  /  {shown[1]}   (shown until you change it)")
        lines += ["  Stop             Ctrl-C", ""]
        self.stdout.write("\n".join(lines))
