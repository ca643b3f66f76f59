from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from dialogs.flows.event_settings import renew_secret, save_desk, secret_of
from dialogs.models import EventSettings
from examples.agent_desk import Desk
from tests.dialogs.factories import task
from tests.dialogs.waiting import calling, helping
from tests.factories import staff
from xoplatform.models import Role

if TYPE_CHECKING:
    from django.test import Client

    from xoplatform.models import App


def url(app: App) -> str:
    return reverse("admin:app_outside", args=[app.slug])


def page(client: Client, app: App) -> str:
    return str(client.get(url(app)).content.decode())


def test_at_first_there_is_nothing_and_the_page_says_what_that_means(app: App, signed_in: Client) -> None:
    body = page(signed_in, app)
    assert "There is none yet" in body
    assert "There is no agent desk" in body
    assert EventSettings.objects.count() == 0


def test_a_new_secret_is_shown_once(app: App, signed_in: Client) -> None:
    answer = signed_in.post(url(app), {"do": "secret"}).content.decode()
    shown = re.findall(r"whsec_[\w+/=]+", answer)
    assert shown[0] == secret_of(app.pk)
    assert "whsec_" not in page(signed_in, app)
    assert "data-confirm" in page(signed_in, app)


def test_the_secret_is_stored_encrypted(app: App) -> None:
    secret = renew_secret(app)
    stored = EventSettings.objects.get().secret
    assert secret not in stored.ciphertext
    assert secret not in repr(stored)


def test_a_new_secret_takes_the_place_of_the_old_one(app: App) -> None:
    assert renew_secret(app) != renew_secret(app)
    assert EventSettings.objects.count() == 1


def test_the_desk_is_saved_and_taken_away(app: App, signed_in: Client) -> None:
    signed_in.post(url(app), {"do": "desk", "desk_url": "https://desk.example.com/in"})
    assert EventSettings.objects.get().desk_url == "https://desk.example.com/in"
    signed_in.post(url(app), {"do": "desk", "desk_url": ""})
    assert EventSettings.objects.get().desk_url == ""


@pytest.mark.parametrize("wrong", ["http://desk.example.com/", "ftp://x.example", "no address"])
def test_a_wrong_address_is_kept_in_the_field_and_not_saved(app: App, signed_in: Client, wrong: str) -> None:
    answer = signed_in.post(url(app), {"do": "desk", "desk_url": wrong})
    assert answer.status_code == 400
    assert f'value="{wrong}"' in answer.content.decode()
    assert EventSettings.objects.count() == 0


def test_a_test_reaches_the_desk(app: App, signed_in: Client) -> None:
    seen: list[str] = []
    server = Desk(renew_secret(app), show=seen.append).serve(0)
    save_desk(app, f"http://127.0.0.1:{server.server_address[1]}/")
    assert "took the test and answered 204" in signed_in.post(url(app), {"do": "try"}, follow=True).content.decode()
    renew_secret(app)
    told = signed_in.post(url(app), {"do": "try"}, follow=True).content.decode()
    server.shutdown()
    server.server_close()
    assert seen == ["The App sent a test."]
    assert "does not accept the signature" in told


def test_a_desk_that_is_down_is_told_in_words(app: App, signed_in: Client) -> None:
    save_desk(app, "http://127.0.0.1:9/")
    assert "It could not be reached" in signed_in.post(url(app), {"do": "try"}, follow=True).content.decode()


def test_it_names_the_dialogs_that_use_it(app: App, signed_in: Client, django_assert_max_num_queries: Any) -> None:
    task(app, calling("https://shop.example/"))
    task(app, helping())
    signed_in.get(url(app))
    with django_assert_max_num_queries(12):
        body = page(signed_in, app)
    assert "Used by webhooks of:" in body
    assert ">Order</a>" in body
    assert "Handed over by:" in body
    assert ">Help</a>" in body


def test_viewers_look_and_do_not_change(app: App, client: Client) -> None:
    client.force_login(staff(app, Role.VIEWER))
    assert "Only developers of the App change this" in page(client, app)
    assert client.post(url(app), {"do": "secret"}).status_code == 403


def test_strangers_see_nothing(app: App, client: Client) -> None:
    from tests.factories import AppFactory

    client.force_login(staff(AppFactory.create()))
    assert client.get(url(app)).status_code == 404
