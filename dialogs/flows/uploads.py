"""Files that people send: kept for a time, named by messages, given back to those who may see them.

A message holds references (see `attachments`); those of files that are kept here have their id, and what they say of
the file is what is known of it, not what the sender claims.
"""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dialogs.engine.context import clean_text
from dialogs.errors import EmptyFile, FileTooBig, UnknownFile
from dialogs.models import Attachment

from .retention import AT_A_TIME

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.core.files.base import File
    from django.db.models import QuerySet

    from dialogs.models import Conversation
    from xoplatform.models import App, EndUser

MEGABYTE: Final = 1024 * 1024
#: Most bytes of a file.
MOST_BYTES: Final = 10 * MEGABYTE
LONGEST_NAME: Final = 255
UNKNOWN_TYPE: Final = "application/octet-stream"
#: RFC 6838, section 4.2: two names with a slash; parameters are of no use here.
CONTENT_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,48}/[a-z0-9][a-z0-9!#$&^_.+-]{0,48}")
#: How long a file waits for a message that names it.
UNSENT: Final = timedelta(days=1)


def keep(app: App, end_user: EndUser | None, file: File[Any]) -> Attachment:
    """Stores an uploaded file for one person of an App, or for the App itself.

    It is forgotten after a day unless a message names it, then with its conversation or after XO_TRACE_DAYS.
    Raises FileTooBig above 10 MB and EmptyFile; nothing is kept then.
    """
    name = _name(file.name)
    if not file.size:
        raise EmptyFile(name=name)
    if file.size > MOST_BYTES:
        raise FileTooBig(name=name, limit=f"{MOST_BYTES // MEGABYTE} MB")
    row = Attachment(app=app, end_user=end_user, name=name, content_type=_content_type(file), size=file.size)
    row.content.save(name, file, save=False)
    try:
        with transaction.atomic():
            row.save()
    except BaseException:
        row.content.delete(save=False)
        raise
    return row


def find(app: App, public_id: uuid.UUID | str, *, end_user: EndUser | None = None) -> Attachment:
    """A file of an App; with ``end_user``, only if it is this person's. Raises UnknownFile."""
    rows = Attachment.objects.filter(app=app)
    if end_user is not None:
        rows = rows.filter(end_user=end_user)
    identity = _uuid(public_id)
    row = rows.filter(public_id=identity).first() if identity else None
    if row is None:
        raise UnknownFile
    return row


def open_file(app: App, public_id: uuid.UUID | str, *, end_user: EndUser | None = None) -> tuple[Attachment, File[Any]]:
    """A file of an App with its contents, ready to be read; the caller closes them. As `find` otherwise.

    Raises UnknownFile, also where the storage has lost it.
    """
    row = find(app, public_id, end_user=end_user)
    try:
        return row, row.content.open("rb")
    except FileNotFoundError:
        raise UnknownFile from None


def filled_in(app: App, end_user: EndUser | None, value: Any) -> Any:
    """What a request tells about its files, with what is known of those that are kept here: an id is enough for them.

    Anything else is left as it is, for `read_files` to judge. Raises UnknownFile for another person's file.
    """
    if not isinstance(value, list) or not (named := _named(value)):
        return value
    rows = {row.public_id: row for row in Attachment.objects.filter(app=app, public_id__in=named)}
    if any(row.end_user_id != (end_user and end_user.pk) for row in rows.values()):
        raise UnknownFile
    return [_known(entry, rows) for entry in value]


def bind(conversation: Conversation, files: Iterable[dict[str, Any]]) -> None:
    """Marks kept files as sent in a conversation, so that they are deleted with it. No query where none are named."""
    if named := _named(files):
        rows = Attachment.objects.filter(app_id=conversation.app_id, public_id__in=named, conversation=None)
        rows.filter(end_user_id=conversation.end_user_id).update(conversation=conversation)


def prune(before: datetime | None) -> int:
    """Deletes files from before then, and those that no message named within a day; how many.

    None keeps what was sent for good.
    """
    unsent = Q(conversation=None, created_at__lt=timezone.now() - UNSENT)
    return _delete_all(Attachment.objects.filter(unsent | Q(created_at__lt=before) if before else unsent))


def _delete_all(rows: QuerySet[Attachment]) -> int:
    deleted = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_A_TIME]):
        # The receiver of each row's deletion takes the contents away.
        Attachment.objects.filter(pk__in=keys).delete()
        deleted += len(keys)
    return deleted


def kept_id(entry: Any) -> uuid.UUID | None:
    """The id of a file that may be kept here, of what is told about it; None for one that is elsewhere."""
    return _uuid(entry.get("id")) if isinstance(entry, dict) and not entry.get("url") else None


def _named(entries: Iterable[Any]) -> list[uuid.UUID]:
    """The ids that may be of kept files; channels have ids of their own."""
    return [identity for entry in entries if (identity := kept_id(entry))]


def _known(entry: Any, rows: dict[uuid.UUID, Attachment]) -> Any:
    identity = kept_id(entry)
    row = rows.get(identity) if identity else None
    return row.reference if row else entry


def _uuid(value: Any) -> uuid.UUID | None:
    try:
        return value if isinstance(value, uuid.UUID) else uuid.UUID(value)
    except (AttributeError, TypeError, ValueError):
        return None


def _name(given: str | None) -> str:
    """The last part of a path of any system, without what does not show."""
    last = re.split(r"[/\\]", clean_text(given or ""))[-1]
    shown = "".join(sign for sign in last if sign.isprintable()).strip()
    return shown[-LONGEST_NAME:] or "file"


def _content_type(file: File[Any]) -> str:
    """What the sender says that it is; a label that nothing here relies on."""
    told = str(getattr(file, "content_type", None) or "").split(";")[0].strip().lower()
    return told if CONTENT_TYPE.fullmatch(told) else UNKNOWN_TYPE
