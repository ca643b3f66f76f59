"""The widget's words in other languages, as pages of any origin load them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client


@pytest.mark.parametrize(("language", "send"), [("de", "Senden"), ("fr", "Envoyer"), ("es", "Enviar")])
def test_a_language_has_words_of_its_own(language: str, send: str, client: Client) -> None:
    assert client.get(f"/widget/v1/words/{language}.json").json()["send"] == send


def test_any_page_may_load_them_and_keep_them_a_while(client: Client) -> None:
    answer = client.get("/widget/v1/words/de.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert not answer.cookies


def test_of_a_language_we_do_not_speak_there_are_none_and_that_is_no_error(client: Client) -> None:
    answer = client.get("/widget/v1/words/ja.json")
    assert (answer.status_code, answer.json()) == (200, {})


def test_no_other_file_can_be_had_by_it(client: Client) -> None:
    assert client.get("/widget/v1/words/..%2F..%2Furls.json").status_code == 404
