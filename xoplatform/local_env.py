"""What `make run` keeps for this machine: generated keys, and the sandbox that stands in for Atlassian.

Plain Python without Django, because settings are read from what this writes.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent


def var_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the running installation keeps its data."""
    return Path(environ.get("XO_VAR_DIR") or ROOT / "var")


def ensure(folder: Path) -> Path:
    """Writes ``local.env`` with fresh keys once; an existing one stays as it is, since data depends on its keys."""
    path = folder / "local.env"
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        values = {
            "XO_SECRET_KEY": secrets.token_urlsafe(48),
            "XO_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "XO_SANDBOX_CLIENT_ID": secrets.token_urlsafe(16),
            "XO_SANDBOX_CLIENT_SECRET": secrets.token_urlsafe(32),
        }
        text = "# Keys of this machine. Without them, nothing that is encrypted in the database can be read again.\n"
        text += "".join(f"{name}={value}\n" for name, value in values.items())
        # Written under another name first, so that an interrupted start leaves no half file behind.
        draft = path.with_suffix(".draft")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
        draft.replace(path)
    return path


def read(path: Path) -> dict[str, str]:
    """The variables in an environment file."""
    lines = (line.strip() for line in path.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, _equals, value in pairs}


def environment(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of every process of the stack: the operator's, completed for one machine.

    Without ``XO_JIRA_CLIENT_ID`` and ``XO_JIRA_CLIENT_SECRET`` the sandbox Atlassian is part of it.
    """
    folder = var_dir(environ)
    found = read(ensure(folder)) | dict(environ)
    found["XO_VAR_DIR"] = str(folder)
    found.setdefault("XO_PORT", "8000")
    found.setdefault("XO_BASE_URL", f"http://localhost:{found['XO_PORT']}")
    found.setdefault("XO_LOG_FORMAT", "console")
    found.setdefault("XO_EMAIL_URL", "mailbox://")
    if not uses_sandbox(found):
        return found
    found.setdefault("XO_SANDBOX_PORT", "8011")
    address = f"http://localhost:{found['XO_SANDBOX_PORT']}"
    allowed = [host for host in found.get("XO_ALLOW_PRIVATE_HOSTS", "").split(",") if host]
    return found | {
        "XO_SANDBOX_URL": address,
        "XO_ATLASSIAN_AUTH_URL": address,
        "XO_ATLASSIAN_API_URL": address,
        "XO_JIRA_CLIENT_ID": found["XO_SANDBOX_CLIENT_ID"],
        "XO_JIRA_CLIENT_SECRET": found["XO_SANDBOX_CLIENT_SECRET"],
        "XO_SANDBOX_CALLBACK_URL": f"{found['XO_BASE_URL'].rstrip('/')}/oauth/callback/",
        "XO_ALLOW_PRIVATE_HOSTS": ",".join(dict.fromkeys([*allowed, "localhost"])),
    }


def uses_sandbox(environ: Mapping[str, str]) -> bool:
    """Whether the operator left Atlassian's credentials unset, or the sandbox's were filled in for them."""
    given = environ.get("XO_JIRA_CLIENT_ID"), environ.get("XO_JIRA_CLIENT_SECRET")
    return not all(given) or bool(environ.get("XO_SANDBOX_URL"))
