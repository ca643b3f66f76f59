from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from dialogs.errors import EmptyFile, FileTooBig, UnknownFile
from dialogs.flows import uploads
from dialogs.flows.attachments import read_files
from dialogs.flows.converse import post_message
from dialogs.flows.publish import publish
from dialogs.models import Attachment, Conversation
from tests.dialogs.factories import ConversationFactory, task
from tests.dialogs.samples import greeting
from tests.factories import AppFactory, EndUserFactory

if TYPE_CHECKING:
    from xoplatform.models import App, EndUser


@pytest.fixture(autouse=True)
def _storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(name: str = "a.png", content: bytes = b"pixels", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def test_a_kept_file_is_read_again_by_its_person(app: App, person: EndUser) -> None:
    row = uploads.keep(app, person, picture())
    assert row.reference == {"id": str(row.public_id), "name": "a.png", "content_type": "image/png", "size": 6}
    _, content = uploads.open_file(app, str(row.public_id), end_user=person)
    with content:
        assert content.read() == b"pixels"


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\a\\b.txt", "b.txt"), ("a\x00\u202eb.txt", "ab.txt"), ("/", "file")],
)
def test_a_name_is_but_a_name(app: App, given: str, kept: str, tmp_path: Path) -> None:
    # Django's uploads cut paths off by themselves; a plain file does not.
    assert uploads.keep(app, None, ContentFile(b"pixels", given)).name == kept
    assert [path.parent.parent for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "attachments"]


@pytest.mark.parametrize("kind", ["", "text", "text/html\r\nX: y", "a" * 200 + "/b"])
def test_a_type_that_is_none_is_not_kept(app: App, kind: str) -> None:
    assert uploads.keep(app, None, picture(kind=kind)).content_type == uploads.UNKNOWN_TYPE


def test_parameters_of_a_type_are_left_out(app: App) -> None:
    assert uploads.keep(app, None, picture(kind="Text/Plain; charset=utf-8")).content_type == "text/plain"


def test_a_file_above_the_limit_is_not_kept(app: App, tmp_path: Path) -> None:
    assert uploads.keep(app, None, picture(content=bytes(uploads.MOST_BYTES))).size == uploads.MOST_BYTES
    with pytest.raises(FileTooBig, match="larger than 10 MB"):
        uploads.keep(app, None, picture(content=bytes(uploads.MOST_BYTES + 1)))
    assert Attachment.objects.count() == len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_an_empty_file_is_not_kept(app: App) -> None:
    with pytest.raises(EmptyFile, match="empty"):
        uploads.keep(app, None, picture(content=b""))


def test_nobody_reads_or_sends_the_file_of_another(app: App, person: EndUser) -> None:
    row = uploads.keep(app, person, picture())
    other = EndUserFactory.create(app=app)
    with pytest.raises(UnknownFile):
        uploads.open_file(app, row.public_id, end_user=other)
    with pytest.raises(UnknownFile):
        uploads.open_file(AppFactory.create(), row.public_id)
    with pytest.raises(UnknownFile):
        uploads.filled_in(app, other, [{"id": str(row.public_id)}])


@pytest.mark.parametrize("identity", ["x", "", "6f1c1c1e-0f5d-4c5e-9a55-3f0f6f7f6c11"])
def test_an_id_of_nothing_opens_nothing(app: App, identity: str) -> None:
    with pytest.raises(UnknownFile):
        uploads.open_file(app, identity)


def test_a_file_that_the_storage_lost_is_not_opened(app: App) -> None:
    row = uploads.keep(app, None, picture())
    Path(row.content.path).unlink()
    with pytest.raises(UnknownFile):
        uploads.open_file(app, row.public_id)


def test_what_is_known_of_a_kept_file_counts_not_what_is_said_of_it(app: App, person: EndUser) -> None:
    row = uploads.keep(app, person, picture())
    told = [{"id": str(row.public_id), "name": "b.exe", "size": 1}, {"id": "of-the-channel", "name": "c", "size": 2}, 7]
    assert uploads.filled_in(app, person, told) == [row.reference, told[1], 7]
    assert read_files(uploads.filled_in(app, person, [{"id": str(row.public_id)}])) == (row.reference,)


def test_a_message_without_kept_files_asks_for_none(app: App, person: EndUser, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        uploads.filled_in(app, person, [{"id": "of-the-channel", "name": "c", "size": 2}])
        uploads.filled_in(app, person, None)


@pytest.mark.django_db(transaction=True)
def test_a_file_goes_with_its_conversation(app: App, person: EndUser, tmp_path: Path) -> None:
    publish(task(app, greeting()))
    row = uploads.keep(app, person, picture())
    answer = post_message(app, person, "say hello", files=read_files([row.reference]))
    row.refresh_from_db()
    assert row.conversation == Conversation.objects.get(public_id=answer.conversation)
    Conversation.objects.all().delete()
    assert not Attachment.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
def test_files_are_deleted_when_their_time_is_over(app: App, person: EndUser, tmp_path: Path) -> None:
    sent = [uploads.keep(app, person, picture()) for _ in range(2)]
    unsent = [uploads.keep(app, person, picture()) for _ in range(2)]
    for row in sent:
        uploads.bind(ConversationFactory.create(app=app, end_user=person), [row.reference])
    two_days_ago = timezone.now() - timedelta(days=2)
    Attachment.objects.filter(pk__in=[sent[0].pk, unsent[0].pk]).update(created_at=two_days_ago)
    assert uploads.prune(None) == 1
    assert uploads.prune(timezone.now() - timedelta(days=1)) == 1
    assert set(Attachment.objects.all()) == {sent[1], unsent[1]}
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 2
