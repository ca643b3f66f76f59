"""What the channels are given. Needs Django to be set up."""

from __future__ import annotations

from tests.benchmarks.xo import SLUG, Product
from xoplatform import api_keys
from xoplatform.models import App, Scope

#: More than any channel asks for.
NO_LIMIT = 1_000_000


def prepare(channels: int) -> tuple[str, list[str]]:
    """The slug of an App whose dialog is published and whose action is connected, and a key for each channel."""
    Product().prepare()
    app = App.objects.get(slug=SLUG)
    made = [
        api_keys.create(app, f"channel {number}", [Scope.CHAT], requests_per_minute=NO_LIMIT)
        for number in range(1, channels + 1)
    ]
    return app.slug, [value for _key, value in made]
