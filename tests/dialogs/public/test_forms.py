"""The page of a form, as its person sees it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from dialogs.models import Arrival, Wait
from tests.dialogs.waiting import Queue, Talk, filling, told

if TYPE_CHECKING:
    from django.test import Client

    from xoplatform.models import App, EndUser

GIVEN = {"summary": "Printer", "kind": "Bug", "due": "2026-12-24", "details": "It\nburns."}


@pytest.fixture
def link(app: App, person: EndUser) -> str:
    talk = Talk(app, person, filling())
    talk.say("report it")
    assert talk.answer is not None
    return str(talk.answer.replies[0]["data"]["url"])


def html(answer: Any) -> str:
    return str(answer.content.decode())


def test_it_shows_each_field_with_its_mark_and_help(client: Client, link: str) -> None:
    page = html(client.get(link))
    assert "Tell us what happened." in page
    assert 'What is it about? <span aria-hidden="true">*</span>' in page
    assert 'aria-required="true"' in page
    assert "In one line." in page
    assert '<input type="radio" name="kind" value="Bug">' in page
    assert 'type="date"' in page
    assert "<textarea" in page


def test_looking_at_it_changes_nothing_and_costs_one_query(
    client: Client, link: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        client.get(link)
    assert Wait.objects.get().status == Wait.Status.OPEN
    assert Arrival.objects.count() == 0


def test_what_is_sent_reaches_the_dialog(client: Client, link: str, queue: Queue) -> None:
    assert "it goes on by itself" in html(client.post(link, GIVEN))
    queue.work()
    assert told() == ["Thank you, I have “form”.", "Got Printer (Bug)."]


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(client: Client, link: str) -> None:
    answer = client.post(link, {**GIVEN, "summary": "", "kind": "Task"})
    page = html(answer)
    assert answer.status_code == 422
    assert "one field needs another look" in page
    assert '<span class="xo-error" id="error-summary">Please fill this in.</span>' in page
    assert '<input type="radio" name="kind" value="Task" checked>' in page
    assert 'value="2026-12-24"' in page
    assert "It\nburns.</textarea>" in page


def test_what_is_typed_is_shown_as_text_and_never_as_markup(client: Client, link: str) -> None:
    page = html(client.post(link, {**GIVEN, "summary": '"><script>alert(1)</script>' * 9}))
    assert "<script>alert" not in page


def test_after_sending_the_page_says_that_it_is_closed(client: Client, link: str, queue: Queue) -> None:
    client.post(link, GIVEN)
    answer = client.get(link)
    assert answer.status_code == 410
    assert "This form has been sent" in html(answer)


def test_cancel_closes_it_and_tells_the_chat(client: Client, link: str, queue: Queue) -> None:
    assert "Nothing was sent" in html(client.post(f"{link}cancel/"))
    queue.work()
    assert told()[0].startswith("I stopped “Report”")
    assert "This form was canceled" in html(client.get(link))


def test_a_link_that_ran_out_says_so(client: Client, link: str) -> None:
    Wait.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "This form has run out" in html(client.get(link))


def test_an_unknown_link_has_words(client: Client, db: None) -> None:
    answer = client.get("/forms/guessed/")
    assert (answer.status_code, "We do not know this form" in html(answer)) == (404, True)


def test_the_page_is_kept_to_the_person(client: Client, link: str) -> None:
    answer = client.get(link)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "strict-origin"
    assert answer["X-Robots-Tag"] == "noindex"


def test_another_site_cannot_send_it(link: str) -> None:
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(link, GIVEN).status_code == 403


def speak(person: EndUser, locale: str) -> None:
    person.locale = locale
    person.save()


def test_it_speaks_the_persons_language(client: Client, link: str, person: EndUser) -> None:
    speak(person, "de-DE")
    answer = client.get(link, headers={"Accept-Language": "es"})
    assert '<html lang="de"' in html(answer)
    assert answer.headers["Content-Language"] == "de"
    assert "Felder mit * müssen ausgefüllt werden." in html(answer)
    assert re.search(r'<button[^>]*type="submit"[^>]*>\s*Absenden', html(answer))


def test_what_is_wrong_is_said_in_the_persons_language(client: Client, link: str, person: EndUser) -> None:
    speak(person, "fr")
    page = html(client.post(link, {**GIVEN, "summary": ""}))
    assert "Veuillez remplir ce champ." in page
    assert "un champ est à revoir" in page


def test_a_form_that_is_over_says_so_in_the_persons_language(client: Client, link: str, person: EndUser) -> None:
    speak(person, "es")
    client.post(link, GIVEN)
    assert "Este formulario se ha enviado" in html(client.get(link))


@pytest.mark.django_db
def test_somebody_unknown_is_spoken_to_as_the_browser_asks(client: Client) -> None:
    page = html(client.get("/forms/no-such-form/", headers={"Accept-Language": "de"}))
    assert '<html lang="de"' in page
    assert "Wir kennen dieses Formular nicht" in page
