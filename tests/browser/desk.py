"""An App of a journey's own on the running stack, and what is arranged behind the browser's back."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from xoplatform import local_env

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from playwright.sync_api import Page

#: Arranges an App with end users; the first account is its owner.
ARRANGE = """
import json
from django.contrib.auth import get_user_model
from xoplatform.models import App, EndUser, Member, Role
slug, name, people = json.loads({given!r})
app = App.objects.create(slug=slug, name=name)
Member.objects.create(app=app, user=get_user_model().objects.get(username="admin"), role=Role.OWNER)
for number, (person, email) in enumerate(people):
    EndUser.objects.create(app=app, external_id=f"{{slug}}-{{number}}", name=person, email=email)
"""


def run(environment: Mapping[str, str], code: str) -> str:
    """Runs this against the stack's database and returns what it printed."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", code]
    done = subprocess.run(
        command, env=dict(environment), cwd=local_env.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def arrange(environment: Mapping[str, str], slug: str, name: str, people: Sequence[tuple[str, str]] = ()) -> str:
    """A new App with these people (name, e-mail); the address of its pages."""
    given: Any = json.dumps([slug, name, list(people)])
    run(environment, ARRANGE.format(given=given))
    return f"/admin/apps/{slug}"


def authorize_as_ada(page: Page) -> None:
    """From the Authorization tab to the sandbox's consent and back."""
    with page.expect_popup() as opened:
        page.get_by_role("button", name=re.compile("^Authorize")).click()
    consent(opened.value, "Ada Ames")
    expect(page.get_by_text("Authorized as Ada Ames")).to_be_visible()


def consent(atlassian: Page, person: str, *sites: str, accept: bool = True) -> None:
    """On the sandbox's pages: signs in, picks sites, accepts or cancels."""
    atlassian.get_by_role("button", name=f"Continue as {person}").click()
    for site in sites:
        atlassian.locator(f"input[name=site][value={site}]").check()
    atlassian.get_by_role("button", name="Accept" if accept else "Cancel").click()
