"""Files over the API: uploaded for a person, sent in a message, given back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dialogs.flows import uploads
from dialogs.models import Attachment
from tests.api import assert_problem, base, client_of, client_with
from tests.factories import EndUserFactory
from xoplatform import api_keys, person_tokens
from xoplatform.models import Scope

from .talking import Channel, streamed

if TYPE_CHECKING:
    from pathlib import Path

    from xoplatform.models import App, EndUser


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(channel: Channel, content: bytes = b"log", person: EndUser | None = None, **more: Any) -> Any:
    owner = {} if person is None else {"end_user_id": person.pk}
    form = {"file": SimpleUploadedFile("report.log", content, "text/plain"), **owner, **more}
    return channel.api.post(f"{base(channel.app)}/attachments/", form, format="multipart")


def file_at(app: App, attachment: str, *below: str) -> str:
    return f"{base(app)}/attachments/{attachment}/" + "".join(f"{part}/" for part in below)


def test_a_file_is_uploaded_sent_and_given_back(channel: Channel) -> None:
    answer = upload(channel, person=channel.person)
    told = answer.json()
    assert answer.status_code == 201
    assert told == {"id": told["id"], "name": "report.log", "content_type": "text/plain", "size": 3}
    assert answer.headers["Location"] == file_at(channel.app, told["id"])
    conversation = channel.opened("say hello", attachments=[{"id": told["id"]}])
    assert str(Attachment.objects.get().conversation.public_id) == conversation  # type: ignore[union-attr]
    given = channel.api.get(file_at(channel.app, told["id"], "content"))
    assert b"".join(streamed(given)) == b"log"
    assert given.headers["Content-Type"] == "application/octet-stream"
    assert given.headers["Content-Disposition"] == 'attachment; filename="report.log"'
    assert channel.api.get(file_at(channel.app, told["id"])).json() == told


def test_it_must_be_said_whose_file_it_is(channel: Channel) -> None:
    assert_problem(upload(channel), 400, "invalid", "/end_user_id")
    assert_problem(upload(channel, person=EndUserFactory()), 404, "not_found")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)
    assert_problem(upload(channel, b"x" * 11, channel.person), 413, "file_too_big")
    assert_problem(upload(channel, b"x" * 70_000, channel.person), 413, "body_too_large")
    assert not Attachment.objects.exists()


def test_an_empty_file_is_refused(channel: Channel) -> None:
    assert_problem(upload(channel, b"", channel.person), 400, "empty_file")


def test_a_file_is_sent_for_nobody_else(channel: Channel) -> None:
    theirs = upload(channel, person=EndUserFactory(app=channel.app)).json()["id"]
    assert_problem(channel.open("say hello", attachments=[{"id": theirs}]), 404, "unknown_file")


def test_a_file_that_is_not_there_cannot_be_sent(channel: Channel) -> None:
    answer = channel.open("say hello", attachments=[{"id": "0b0f3c52-8dbd-4a86-9d36-000000000000"}])
    assert_problem(answer, 404, "unknown_file")


def test_a_file_of_another_app_is_unknown(channel: Channel) -> None:
    foreign = Channel(client_of(EndUserFactory().app, [Scope.CHAT]), channel.app, channel.person)
    stored = upload(channel, person=channel.person).json()["id"]
    app = foreign.api.get(f"{base(channel.app)}/").status_code
    assert app == 404
    assert_problem(foreign.api.get(file_at(channel.app, stored)), 404, "not_found")


def test_a_person_sees_their_own_files_alone(channel: Channel) -> None:
    key, _value = api_keys.create(channel.app, "minting", [Scope.CHAT])
    browser = Channel(client_with(person_tokens.mint(key, channel.person)[0]), channel.app, channel.person)
    mine = upload(browser).json()["id"]
    theirs = upload(channel, person=EndUserFactory(app=channel.app)).json()["id"]
    assert browser.api.get(file_at(channel.app, mine)).status_code == 200
    for below in ((), ("content",)):
        assert_problem(browser.api.get(file_at(channel.app, theirs, *below)), 404, "unknown_file")


@pytest.mark.parametrize("text", ["", "--x", "--x\r\n\r\n\r\n--x--"])
def test_a_form_that_cannot_be_read_is_refused(text: str, channel: Channel) -> None:
    kind = "multipart/form-data; boundary=x"
    answer = channel.api.generic("POST", f"{base(channel.app)}/attachments/", text, content_type=kind)
    assert answer.status_code == 400
