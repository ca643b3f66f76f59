from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.mail import EmailMultiAlternatives, send_mail

from xoplatform import mailbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.conf import LazySettings
    from django.test import Client

MAILBOX = "/admin/system/mailbox/"


@pytest.fixture
def kept(settings: LazySettings, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "xoplatform.mailbox.MailboxBackend"
    settings.VAR_DIR = tmp_path


def send(subject: str = "A link for you", html: str = "<p>Hello</p>", to: str = "ada@example.com") -> str:
    message = EmailMultiAlternatives(subject, "Hello\nhttp://localhost:8000/authorize/one-time/\n", to=[to])
    message.attach_alternative(html, "text/html")
    message.send()
    return mailbox.names()[0]


@pytest.mark.usefixtures("kept")
def test_a_mail_is_kept_as_it_was_sent() -> None:
    mail = mailbox.read(send(subject="Zugriff für Ada"))
    assert mail
    assert (mail.subject, mail.to) == ("Zugriff für Ada", "ada@example.com")
    assert "<p>Hello</p>" in mail.html
    assert mail.links == ["http://localhost:8000/authorize/one-time/"]


@pytest.mark.usefixtures("kept")
def test_mails_are_found_newest_first_and_by_receiver() -> None:
    for to in ("ada@example.com", "ben@example.com"):
        send_mail("Hello", "Hello", None, [to])
    assert [mail.to for mail in mailbox.search("", 10)] == ["ben@example.com", "ada@example.com"]
    assert [mail.to for mail in mailbox.search("ADA", 10)] == ["ada@example.com"]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("name", ["../local.env", "nonesuch", "0" * 19 + "-" + "0" * 32])
def test_nothing_but_mails_can_be_read(name: str) -> None:
    assert mailbox.read(name) is None


@pytest.mark.usefixtures("kept")
def test_a_superuser_reads_and_empties_the_mailbox(sign_in: Callable[[str], Client]) -> None:
    rooty, name = sign_in("rooty"), send()
    listed = rooty.get(MAILBOX).content.decode()
    assert "A link for you" in listed
    assert "Mailbox" in listed
    page = rooty.get(f"{MAILBOX}{name}/")
    assert "http://localhost:8000/authorize/one-time/" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    rooty.post(f"{MAILBOX}empty/")
    assert "No mail has been sent yet" in rooty.get(MAILBOX).content.decode()


@pytest.mark.usefixtures("kept")
def test_html_of_a_mail_cannot_leave_its_frame(sign_in: Callable[[str], Client]) -> None:
    name = send(html='"><script>alert(1)</script><a href="http://localhost/">x</a>')
    page = sign_in("rooty").get(f"{MAILBOX}{name}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "allow-scripts" not in page
    assert "allow-same-origin" not in page


@pytest.mark.usefixtures("kept")
def test_nobody_but_superusers_sees_the_mailbox(sign_in: Callable[[str], Client]) -> None:
    name = send()
    for address in (MAILBOX, f"{MAILBOX}{name}/"):
        assert sign_in("olive").get(address).status_code == 403
    assert sign_in("olive").post(f"{MAILBOX}empty/").status_code == 403
    assert mailbox.names()
    assert "Mailbox" not in sign_in("olive").get("/admin/").content.decode()


def test_there_is_no_mailbox_where_a_mail_server_sends(sign_in: Callable[[str], Client]) -> None:
    rooty = sign_in("rooty")
    assert rooty.get(MAILBOX).status_code == 404
    assert MAILBOX not in rooty.get("/admin/").content.decode()
