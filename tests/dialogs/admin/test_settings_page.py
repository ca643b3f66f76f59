from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from dialogs.engine.settings import DEFAULTS, SPECS
from dialogs.flows.conversation_settings import settings_of
from dialogs.models import ConversationSettings

if TYPE_CHECKING:
    from django.test import Client

    from xoplatform.models import App

GIVEN = {**DEFAULTS, "discard_notice": "on", "amend": "on", "interruptions": "queue", "idle_minutes": "30"}


def address(app: App) -> str:
    return reverse("admin:app_conversation_settings", args=[app.slug])


def test_every_setting_is_on_the_page_with_what_holds_now(app: App, signed_in: Client) -> None:
    body = signed_in.get(address(app)).content.decode()
    assert all(f'name="{name}"' in body for name in SPECS)
    assert '<option value="hold" selected>' in body
    assert 'value="1440"' in body


def test_saving_keeps_what_differs_from_the_defaults(app: App, signed_in: Client) -> None:
    answer = signed_in.post(address(app), GIVEN, follow=True)
    assert "They hold from the next message on" in answer.content.decode()
    assert settings_of(app.pk) == {"amend": True, "interruptions": "queue", "idle_minutes": 30}
    signed_in.post(address(app), {**GIVEN, "interruptions": "hold", "idle_minutes": "15", "amend": ""})
    assert settings_of(app.pk) == {}


def test_a_value_out_of_range_is_refused_beside_its_field_and_nothing_is_saved(app: App, signed_in: Client) -> None:
    answer = signed_in.post(address(app), {**GIVEN, "idle_minutes": "1"})
    assert answer.status_code == 400
    body = answer.content.decode()
    assert "greater than or equal to 5" in body
    assert "Nothing was saved" in body
    assert '<option value="queue" selected>' in body
    assert not ConversationSettings.objects.exists()


def test_viewers_read_and_do_not_change(app: App, signed_in: Client) -> None:
    app.members.update(role="viewer")
    assert "Only developers of the App change its settings" in signed_in.get(address(app)).content.decode()
    assert signed_in.post(address(app), GIVEN).status_code == 403
    assert not ConversationSettings.objects.exists()


def test_the_page_makes_few_queries(app: App, signed_in: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(12):
        signed_in.get(address(app))
