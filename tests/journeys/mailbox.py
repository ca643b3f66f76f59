"""The mailbox of a running stack, as the people read it who get the mails."""

from __future__ import annotations

import email
import re
import time
from email import policy
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LINK = re.compile(r"https?://\S+/authorize/\S+")
#: Seconds that the job queue may take for a mail.
PATIENCE = 60


def links_to(environment: Mapping[str, str], address: str, *, at_least: int = 1) -> list[str]:
    """Authorization links mailed to this person, oldest first. Raises TimeoutError when they do not come."""
    deadline = time.monotonic() + PATIENCE
    while len(found := _links(environment, address)) < at_least:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{len(found)} of {at_least} mails came to {address} within {PATIENCE} s")
        time.sleep(0.2)
    return found


def texts(environment: Mapping[str, str]) -> list[str]:
    """What was written to whomever, oldest first."""
    return [text for _to, text in _mails(environment)]


def _mails(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    return [_text(path) for path in sorted(Path(environment["XO_VAR_DIR"], "mailbox").glob("*.eml"))]


def _links(environment: Mapping[str, str], address: str) -> list[str]:
    return [link.group() for to, text in _mails(environment) if address in to and (link := LINK.search(text))]


def _text(path: Path) -> tuple[str, str]:
    mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",))
    return str(mail["To"]), str(body.get_content()) if body else ""
