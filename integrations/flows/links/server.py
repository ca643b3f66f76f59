"""The mail server, as Django's mail backend reaches it, and what its answers mean for a mail."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import structlog
from django.core.mail import get_connection

from xoplatform.logs import redact

from .audience import Delivery

if TYPE_CHECKING:
    from django.core.mail import EmailMessage

log = structlog.get_logger(__name__)

#: Reply codes from here on are final (RFC 5321 section 4.2.1); those below ask to try again later.
FINAL = 500
OKAY = 250
UNKNOWN = "The mail server went silent while it took this mail, so it is not known whether the mail left."


@dataclass(frozen=True)
class Outcome:
    """What became of one mail; ``try_again`` when it surely did not leave and may later."""

    delivery: str
    words: str = ""
    try_again: bool = False


class MailServerDown(Exception):
    """The mail server takes no mail now; none was handed over."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(type(error).__name__)
        self.words = f"The mail server does not take mail: {_words(error)} Nothing was lost; it is tried again."


class MailServer:
    """One connection to the mail server, for several mails."""

    def __init__(self) -> None:
        self._backend: Any = get_connection()

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(self, *_error: object) -> None:
        self._close()

    def ready(self) -> None:
        """Makes sure that the server still listens, so that no mail is lost on a dead line. Raises MailServerDown."""
        session = getattr(self._backend, "connection", None)
        if session is None or not hasattr(session, "noop"):
            return
        try:
            if session.noop()[0] == OKAY:
                return
        except (smtplib.SMTPException, OSError):
            pass
        self._close()
        self._open()

    def hand_over(self, message: EmailMessage) -> Outcome:
        """Gives the server one mail. Never raises for what the server does."""
        try:
            self._backend.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            return _refused(code, words)
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code, error.smtp_error)
        except ValueError as error:
            return Outcome(Delivery.FAILED, f"The mail could not be written: {_words(error)}")
        except Exception as error:  # noqa: BLE001 -- any backend may be configured, and each has errors of its own
            log.warning("mail_hand_over_unknown", error=type(error).__name__)
            return Outcome(Delivery.UNKNOWN, UNKNOWN)
        return Outcome(Delivery.SENT)

    def _open(self) -> None:
        try:
            self._backend.open()
        except (smtplib.SMTPException, OSError) as error:
            raise MailServerDown(error) from None

    def _close(self) -> None:
        try:
            self._backend.close()
        except (smtplib.SMTPException, OSError) as error:
            log.info("mail_server_not_closed", error=type(error).__name__)


def _refused(code: int, words: bytes | str) -> Outcome:
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    told = f"The mail server answered {code}: {redact(text)[:300]}"
    return Outcome(Delivery.FAILED, told, try_again=code < FINAL)


def _words(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it answered {error.smtp_code}."
    if isinstance(error, TimeoutError):
        return "it did not answer in time."
    return f"{getattr(error, 'strerror', None) or type(error).__name__}."
