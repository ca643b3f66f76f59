"""The widget's script, as pages of any origin load it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dialogs.widget import script

if TYPE_CHECKING:
    from django.test import Client

URL = "/widget/v1/xo-chat.js"
#: Bytes, minified: pages of other people pay for it on every first visit. It was 30 kB until the words of other
#: languages were fetched: they cost a little here, and not as much as the words themselves would.
MOST = 31 * 1024


def test_any_page_may_load_it_and_keep_it_a_while(client: Client) -> None:
    answer = client.get(URL)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert not answer.cookies


def test_who_has_it_as_it_is_gets_nothing_again(client: Client) -> None:
    tag = client.get(URL).headers["ETag"]
    assert client.get(URL, headers={"If-None-Match": tag}).status_code == 304


def test_it_is_sent_compressed(client: Client) -> None:
    answer = client.get(URL, headers={"Accept-Encoding": "gzip"})
    assert (answer.headers["Content-Encoding"], len(answer.content) < MOST / 2) == ("gzip", True)


def test_it_stays_small(client: Client) -> None:
    assert len(client.get(URL).content) < MOST


@pytest.mark.parametrize("way", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("])
def test_it_has_no_way_to_make_markup_of_text(way: str, client: Client) -> None:
    assert way not in client.get(URL).content.decode()


def test_without_a_build_there_is_none(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "FILE", "dialogs/canvas/never-built.js")
    assert client.get(URL).status_code == 404


def test_it_asks_no_database(client: Client, db: None, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        client.get(URL)
