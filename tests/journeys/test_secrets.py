"""No secret is found in anything that a whole stack wrote, answered, queued, mailed or stored."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from xoplatform import local_env

from . import stack
from .evidence import WATCHED, Evidence, Listener, Secret, secrets_of
from .walk import Walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


pytestmark = pytest.mark.alone


class Inspected:
    """A stack after the walk: what can be seen of it, and what nobody may see."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.evidence = Evidence()
        walk = Walk(environment, Listener(self.evidence, environment["XO_BASE_URL"]))
        walk.go()
        self.evidence.add("dumpdata", _dump(environment))
        self.evidence.add_stack(environment)
        self.secrets = secrets_of(environment) + [Secret(kind, value) for kind, value in walk.typed]
        self.links = [Secret("link", link.rstrip("/").rsplit("/", 1)[-1]) for link in walk.links]


def _dump(environment: Mapping[str, str]) -> bytes:
    command = [sys.executable, "manage.py", "dumpdata"]
    return subprocess.run(command, env=dict(environment), cwd=local_env.ROOT, capture_output=True, check=True).stdout


@pytest.fixture(scope="module")
def inspected() -> Iterator[Inspected]:
    with stack.running(WATCHED) as environment:
        yield Inspected(environment)


def test_no_secret_can_be_read_anywhere(inspected: Inspected) -> None:
    assert inspected.evidence.leaks(inspected.secrets) == []


def test_the_key_of_a_mailed_link_is_in_the_mail_and_on_the_persons_pages_only(inspected: Inspected) -> None:
    found = inspected.evidence.leaks(inspected.links)
    assert any(" in mail" in each for each in found)
    allowed = ("link in mail", "link in GET /authorize/", "link in POST /authorize/")
    assert [each for each in found if not each.startswith(allowed)] == []


def test_every_kind_of_secret_was_issued_and_typed(inspected: Inspected) -> None:
    kinds = {secret.kind for secret in inspected.secrets}
    assert kinds >= {"access_token", "refresh_token", "code", "api_token", "client_secret"}


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("stack.log", " web "),
        ("stack.log", " worker "),
        ("stack.log", " beat "),
        ("stack.log", "urllib3.connectionpool"),  # logged at DEBUG only
        ("stack.log", "Failing row contains ("),
        ("stack.log", "Traceback (most recent call last)"),
        ("queue/processed/", "dialogs.jobs.install"),
        ("queue/processed/", "integrations."),
        ("dumpdata", '"model": "integrations.connection"'),
        ("GET /metrics", "# TYPE"),
        ("GET /health/ready", "ok"),
        ("GET /admin/integrations/auditentry/export/", "Refreshed by hand"),
        ("GET /admin/integrations/connection/", "Ada Ames"),
        ("GET /admin/integrations/operationcall/", "createIssue"),
        ("mail ", "/authorize/"),
    ],
)
def test_it_was_looked_where_something_is_told(inspected: Inspected, place: str, text: str) -> None:
    assert text in inspected.evidence.text(place)
