from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from xoplatform import api_keys
from xoplatform.core.errors import PlatformError
from xoplatform.models import App, Scope

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Makes an API key of an App and prints its value, which is shown this once and stored nowhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("app", help="The App's slug, as in its address.")
        parser.add_argument("name", help="Who will use the key, such as the channel's name.")
        parser.add_argument("--scope", action="append", choices=Scope.values, required=True, help="May be repeated.")
        parser.add_argument("--days", type=int, help="Days after which the key expires; without it, never.")
        parser.add_argument("--requests-per-minute", type=int, default=600)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Prints nothing but the value, so that a script can take it."""
        app = App.objects.filter(slug=options["app"]).first()
        if app is None:
            raise CommandError(f"There is no App with the slug {options['app']}. No key was made.")
        days = options["days"]
        ends = timezone.now() + timedelta(days=days) if days is not None else None
        try:
            api_keys.require_future(ends)
            limit = api_keys.sensible_limit(options["requests_per_minute"])
            _key, value = api_keys.create(
                app, options["name"], options["scope"], expires_at=ends, requests_per_minute=limit
            )
        except PlatformError as error:
            raise CommandError(error.message) from None
        self.stdout.write(value)
