"""`check --deploy` in a process of its own, since settings are read once from the environment."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from xoplatform.checks import production_settings
from xoplatform.settings import DEFAULT_SECRET_KEY

ROOT = Path(__file__).resolve().parent.parent.parent
#: What an operator sets in production.
PRODUCTION = {
    "XO_SECRET_KEY": "production-" + "k1J2h3G4f5D6s7A8" * 4,
    "XO_ENCRYPTION_KEYS": "dGVzdHMtb25seS1rZXktdGVzdHMtb25seS1rZXktMTI=",
    "XO_BASE_URL": "https://assistants.example.com",
    "XO_DATABASE_URL": "postgres://xo@database.example.com/xo",
    "XO_BROKER_URL": "redis://broker.example.com/0",
    "XO_EMAIL_URL": "smtp+tls://mail.example.com:587",
    "XO_JIRA_CLIENT_ID": "client",
    "XO_JIRA_CLIENT_SECRET": "hidden-client-secret",
}


def check_deploy(folder: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("XO_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={**environ, **PRODUCTION, "XO_VAR_DIR": str(folder), **changed},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_settings_are_clean(tmp_path: Path) -> None:
    done = check_deploy(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_stack_of_one_machine_is_refused_in_production(tmp_path: Path) -> None:
    done = check_deploy(tmp_path, XO_SANDBOX_URL="http://localhost:8011", XO_DEBUG="1")
    assert done.returncode != 0
    assert "xoplatform.E001" in done.stderr
    assert "xoplatform.E004" in done.stderr
    assert "hidden" not in done.stderr


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("XO_SANDBOX_URL", "http://localhost:8011", "xoplatform.E001"),
        ("SECRET_KEY", DEFAULT_SECRET_KEY, "xoplatform.E002"),
        ("XO_ENCRYPTION_KEYS", [], "xoplatform.E003"),
        ("XO_ENCRYPTION_KEYS", ["not-a-key"], "xoplatform.E003"),
        ("DEBUG", True, "xoplatform.E004"),
        ("XO_BASE_URL", "http://assistants.example.com", "xoplatform.E005"),
        ("CELERY_BROKER_URL", "filesystem://localhost", "xoplatform.W001"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "xoplatform.W002"),
        ("EMAIL_BACKEND", "xoplatform.mailbox.MailboxBackend", "xoplatform.E006"),
    ],
)
def test_each_danger_is_named(setting: str, value: object, expected: str, settings: Any) -> None:
    setattr(settings, setting, value)
    found = {message.id: message for message in production_settings(None)}
    assert expected in found
    assert found[expected].hint
