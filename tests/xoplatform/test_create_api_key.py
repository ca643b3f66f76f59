"""``manage.py create_api_key``: for whoever has the machine and wants a first key."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.api import base, client_with
from xoplatform.models import ApiKey, App


def make(*arguments: str) -> str:
    out = StringIO()
    call_command("create_api_key", *arguments, stdout=out)
    return out.getvalue()


def test_the_value_alone_is_printed_and_opens_the_app(app: App) -> None:
    value = make("helpdesk", "Terminal", "--scope", "configuration", "--scope", "chat")
    assert client_with(value.strip()).get(f"{base(app)}/").status_code == 200
    assert ApiKey.objects.get().scopes == ["chat", "configuration"]


def test_a_key_for_some_days_ends(app: App) -> None:
    make("helpdesk", "Terminal", "--scope", "chat", "--days", "30")
    assert ApiKey.objects.get().expires_at is not None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere", "Terminal", "--scope", "chat"], "no App with the slug nowhere"),
        (["helpdesk", "Terminal", "--scope", "chat", "--days", "0"], "Give a time to come"),
        (["helpdesk", "Terminal", "--scope", "chat", "--requests-per-minute", "0"], "1 to 1,000,000"),
    ],
)
def test_what_cannot_be_is_refused_in_words(arguments: list[str], words: str, app: App) -> None:
    with pytest.raises(CommandError, match=words):
        make(*arguments)
    assert not ApiKey.objects.exists()
