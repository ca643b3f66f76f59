"""Mail that stays on this machine: a backend that writes each mail to a file, and the reading of them.

For `make run`, where no mail server is at hand. Whoever reads the mailbox can use every link in it.
"""

from __future__ import annotations

import email
import re
import time
import uuid
from dataclasses import dataclass
from email import policy
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from email.message import EmailMessage as ParsedMessage

    from django.core.mail import EmailMessage

#: Names sort by time; anything else is not a mail of ours.
NAME = re.compile(r"[0-9]{19}-[0-9a-f]{32}")
LINK = re.compile(r"https?://[^\s<>\"')]+")


class MailboxBackend(BaseEmailBackend):
    """Django's mail goes to the folder ``mailbox`` of the installation's data, a file each."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = mailbox_folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for message in email_messages:
            name = f"{time.time_ns():019d}-{uuid.uuid4().hex}"
            draft = folder / f".{name}.draft"
            draft.write_bytes(message.message().as_bytes())
            draft.replace(folder / f"{name}.eml")  # so that nobody reads half a mail
        return len(email_messages)


@dataclass(frozen=True)
class Mail:
    """One mail, as a page shows it."""

    name: str
    subject: str
    sender: str
    to: str
    at: datetime | None
    text: str
    html: str

    @property
    def links(self) -> list[str]:
        """The addresses in its text, each once."""
        return list(dict.fromkeys(LINK.findall(self.text)))


def in_use() -> bool:
    """Whether mail goes to the mailbox."""
    backend: str = settings.EMAIL_BACKEND
    return backend == f"{__name__}.{MailboxBackend.__name__}"


def mailbox_folder() -> Path:
    return Path(settings.VAR_DIR) / "mailbox"


def names() -> list[str]:
    """The mails' names, newest first."""
    found = (path.stem for path in mailbox_folder().glob("*.eml"))
    return sorted((name for name in found if NAME.fullmatch(name)), reverse=True)


def read(name: str) -> Mail | None:
    """The mail of this name; None when there is none."""
    if not NAME.fullmatch(name):
        return None
    try:
        content = (mailbox_folder() / f"{name}.eml").read_bytes()
    except FileNotFoundError:
        return None
    message = email.message_from_bytes(content, policy=policy.default)
    return Mail(
        name=name,
        subject=str(message["Subject"] or ""),
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
        at=parsedate_to_datetime(str(message["Date"])) if message["Date"] else None,
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def search(query: str, limit: int) -> list[Mail]:
    """The newest mails to or about ``query``, at most ``limit``; it is not looked for in their text."""
    found: list[Mail] = []
    for name in names():
        mail = read(name)
        if mail and query.casefold() in f"{mail.to} {mail.subject}".casefold():
            found.append(mail)
        if len(found) == limit:
            break
    return found


def empty() -> int:
    """Deletes every mail; how many there were."""
    found = names()
    for name in found:
        (mailbox_folder() / f"{name}.eml").unlink(missing_ok=True)
    return len(found)


def _part(message: ParsedMessage, kind: str) -> str:
    body: Any = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""
