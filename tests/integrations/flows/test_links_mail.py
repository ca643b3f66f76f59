from __future__ import annotations

import pytest
from django.core import mail

from integrations.flows import links
from integrations.models import Action
from xoplatform.models import App

from .mailing import allowing, person, send_all

pytestmark = pytest.mark.django_db


def mailed(action: Action, **columns: str) -> mail.EmailMultiAlternatives:
    links.send(action, person(action, **columns))
    send_all()
    sent = mail.outbox[-1]
    assert isinstance(sent, mail.EmailMultiAlternatives)
    return sent


def html_of(sent: mail.EmailMultiAlternatives) -> str:
    return str(sent.alternatives[0][0])


def test_the_mail_says_who_asks_for_what_and_until_when() -> None:
    action = allowing()
    sent = mailed(action, name="Ada")
    for text in (sent.body, html_of(sent)):
        for words in (
            action.app.name,
            "JIRA",
            "Hello Ada",
            "read projects and issues",
            "changes nothing",
            "expires on",
            "/authorize/",
        ):
            assert words in text
    assert action.app.name in sent.subject
    assert "offline_access" not in sent.body


def test_text_and_html_carry_the_same_link_and_load_nothing() -> None:
    sent = mailed(allowing())
    url = next(line for line in sent.body.splitlines() if "/authorize/" in line)
    assert html_of(sent).count(url) == 2
    assert "src=" not in html_of(sent)


def test_names_cannot_break_out_of_the_mail() -> None:
    action = allowing()
    App.objects.filter(pk=action.app_id).update(name="Help <script>\nBcc: eve@example.com")
    sent = mailed(Action.objects.get(pk=action.pk), name="<b>Ada</b>")
    assert "\n" not in sent.subject
    assert "<script>" not in html_of(sent)
    assert "<b>Ada</b>" in sent.body
    assert sent.recipients() == sent.to


def test_under_basic_no_scopes_are_promised() -> None:
    sent = mailed(allowing(method=Action.Method.BASIC))
    assert "able to" not in sent.body


def test_the_mail_speaks_the_persons_language() -> None:
    sent = mailed(allowing(), name="Ada", locale="de-AT")
    assert "bittet um Zugriff auf Ihr JIRA" in sent.subject
    for text in (sent.body, html_of(sent)):
        assert "Guten Tag Ada," in text
        assert "Projekte und Vorgänge lesen" in text
        assert "ändert nichts" in text
    assert '<html lang="de">' in html_of(sent)


def test_the_mails_text_is_not_escaped_as_html() -> None:
    assert "lire ce qui s'y rattache" in mailed(allowing(), locale="fr").body
