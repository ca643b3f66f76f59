from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from dialogs.flows import uploads
from dialogs.flows.testing import record_test, run
from dialogs.models import Attachment, Conversation
from tests.dialogs.factories import task
from tests.dialogs.samples import arrow, document, node
from tests.factories import AppFactory, staff
from xoplatform.models import Role

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

    from xoplatform.models import App


@pytest.fixture(autouse=True)
def _storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(client: Client, app: App, content: bytes = b"pixels", name: str = "a.png") -> Any:
    url = reverse("admin:app_talk_files", args=[app.slug]) + "?" + urlencode({"name": name, "type": "image/png"})
    return client.post(url, content, content_type="application/octet-stream")


def test_a_file_is_attached_and_given_back_to_members(app: App, signed_in: Client, client: Client) -> None:
    answer = upload(signed_in, app)
    assert answer.status_code == 201
    assert {key: answer.json()[key] for key in ("name", "content_type", "size")} == {
        "name": "a.png",
        "content_type": "image/png",
        "size": 6,
    }
    client.force_login(staff(app, Role.VIEWER))
    given = client.get(answer.json()["url"])
    assert b"".join(given.streaming_content) == b"pixels"  # type: ignore[attr-defined]  # a FileResponse
    assert given["Content-Disposition"] == 'attachment; filename="a.png"'
    assert given["X-Content-Type-Options"] == "nosniff"


def test_a_stranger_is_given_nothing(app: App, signed_in: Client, client: Client) -> None:
    url = upload(signed_in, app).json()["url"]
    client.force_login(staff(AppFactory.create()))
    assert client.get(url).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


def test_a_viewer_uploads_nothing(app: App, client: Client) -> None:
    client.force_login(staff(app, Role.VIEWER))
    assert upload(client, app).status_code in {403, 404}
    assert not Attachment.objects.exists()


def test_a_file_above_the_limit_is_refused_in_words(app: App, signed_in: Client) -> None:
    refused = upload(signed_in, app, bytes(uploads.MOST_BYTES + 1))
    assert (refused.status_code, refused.json()["code"]) == (413, "file_too_big")


def test_a_file_that_is_gone_says_so(app: App, signed_in: Client) -> None:
    url = upload(signed_in, app).json()["url"]
    Attachment.objects.all().delete()
    gone = signed_in.get(url)
    assert gone.status_code == 404
    assert "Attach it again" in gone.content.decode()


@pytest.fixture
def sends(app: App) -> str:
    """A dialog that asks for a picture, and the address of the chat."""
    nodes = [
        node("send", "intent", utterances=["send a picture"]),
        node("picture", "entity", type="attachment", prompts=["Which?"]),
        node("told", "message", texts=["{{context.entities.picture.name}}"]),
    ]
    task(app, document("send", nodes, [arrow("send", "picture"), arrow("picture", "told")]))
    return reverse("admin:app_talk_messages", args=[app.slug])


def say(client: Client, url: str, text: str, **body: Any) -> Any:
    return client.post(url, {"text": text, **body}, content_type="application/json").json()


def test_an_attached_file_answers_the_question_for_one(sends: str, app: App, signed_in: Client) -> None:
    first = say(signed_in, sends, "send a picture")
    files = [{"id": upload(signed_in, app).json()["id"]}]
    answer = say(signed_in, sends, "", conversation=first["conversation"], attachments=files)
    assert answer["replies"][0]["text"] == "a.png"


def test_a_transcript_shows_what_was_sent(sends: str, app: App, signed_in: Client) -> None:
    kept = upload(signed_in, app).json()
    said = say(signed_in, sends, "send a picture", attachments=[{"id": kept["id"]}])["conversation"]
    turn = signed_in.get(sends, {"conversation": said}).json()["turns"][0]
    assert turn["trace"]["files"] == [{key: kept[key] for key in ("id", "name", "content_type", "size")}]
    row = Conversation.objects.get()
    page = signed_in.get(reverse("admin:dialogs_conversation_change", args=[row.pk])).content.decode()
    assert kept["url"] in page
    page = signed_in.get(reverse("admin:app_trace", args=[app.slug, row.turns.get().pk])).content.decode()
    assert kept["url"] in page


def test_a_turn_is_tried_again_with_its_file(sends: str, app: App, signed_in: Client) -> None:
    kept = upload(signed_in, app).json()
    said = say(signed_in, sends, "send a picture", attachments=[{"id": kept["id"]}])["conversation"]
    url = reverse("admin:app_talk_again", args=[app.slug])
    back = signed_in.post(url, {"conversation": said, "number": 1}, content_type="application/json").json()
    files = [{"id": back["attachments"][0]["id"]}]
    answer = say(signed_in, sends, back["text"], conversation=back["conversation"], attachments=files)
    assert answer["replies"][0]["text"] == "a.png"


def test_a_conversation_with_a_file_becomes_a_test_that_passes(sends: str, app: App, signed_in: Client) -> None:
    first = say(signed_in, sends, "send a picture")
    files = [{"id": upload(signed_in, app).json()["id"]}]
    say(signed_in, sends, "", conversation=first["conversation"], attachments=files)
    outcome = run(record_test(Conversation.objects.get()))
    assert outcome.passed, outcome.first


def test_the_page_of_a_test_names_its_files_and_keeps_them(sends: str, app: App, signed_in: Client) -> None:
    files = [{"id": upload(signed_in, app).json()["id"]}]
    say(signed_in, sends, "send a picture", attachments=files)
    test = record_test(Conversation.objects.get())
    page = signed_in.get(reverse("admin:app_test", args=[app.slug, test.pk])).content.decode()
    assert "With a.png" in page


def test_keeping_and_giving_back_cost_a_fixed_number_of_queries(
    app: App, signed_in: Client, django_assert_num_queries: Any
) -> None:
    upload(signed_in, app)  # which made the member an end user
    # session, user, App, role, end user; then one insert in its savepoint
    with django_assert_num_queries(8):
        url = upload(signed_in, app).json()["url"]
    with django_assert_num_queries(5):
        signed_in.get(url)
