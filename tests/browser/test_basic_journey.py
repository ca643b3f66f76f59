"""J5 in Chromium: an e-mail and an API token, checked before they are kept."""

from __future__ import annotations

import pytest
import requests
from playwright.sync_api import Page, expect

from .conftest import shoot
from .desk import arrange

pytestmark = pytest.mark.browser


def test_a_developer_connects_with_an_api_token(staff: Page, running_stack: dict[str, str]) -> None:
    app, sandbox = arrange(running_stack, "basic-desk", "Basic desk"), running_stack["XO_SANDBOX_URL"]
    answer = requests.post(f"{sandbox}/_sandbox/api-tokens", json={"person": "ada"}, timeout=10)
    staff.goto(f"{app}/actions/jira/")
    staff.get_by_label("Developer").check()
    staff.get_by_role("radio", name="Basic").check()
    staff.get_by_role("textbox", name="site").fill(f"{sandbox}/site/acme")
    staff.get_by_role("textbox", name="e-mail").fill("ada@example.com")
    staff.get_by_role("textbox", name="API token").fill("not-the-token")
    staff.get_by_role("button", name="Check and connect").click()
    expect(staff.get_by_role("alert").first).to_be_visible()
    shoot(staff, "40-basic-refused")
    staff.get_by_role("textbox", name="API token").fill(answer.json()["token"])
    staff.get_by_role("button", name="Check and connect").click()
    expect(staff.get_by_text("✓ Authorized as Ada Ames")).to_be_visible()
    expect(staff.get_by_text("through an API token")).to_be_visible()
    assert answer.json()["token"] not in staff.content()
    shoot(staff, "41-basic-authorized")
    staff.get_by_role("button", name="Enable", exact=True).click()
    expect(staff.get_by_role("dialog").get_by_text("JIRA is enabled")).to_be_visible()
