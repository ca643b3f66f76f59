"""Freezing a dialog task: as a numbered version for its channels, or as a snapshot for *Talk to Bot*."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from dialogs.documents import digest
from dialogs.documents.comparison import compare
from dialogs.errors import ChangedMeanwhile, DialogHasProblems, FailedTests
from dialogs.models import DialogTask, Version

from .author import draft_document
from .testing import failures_of
from .validate import problems_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


def publish(
    task: DialogTask,
    user: AbstractBaseUser | AnonymousUser | None = None,
    note: str = "",
    *,
    despite_tests: bool = False,
) -> Version:
    """Makes the draft what the App's channels run from their next dialog on.

    Raises DialogHasProblems, which names each with its node, FailedTests unless ``despite_tests``, and
    ChangedMeanwhile; nothing is published then. A draft equal to the version that is published already makes no new
    one.
    """
    task.refresh_from_db(fields=["revision"])
    document = draft_document(task)
    # Outside the transaction: compiling every script takes a while, and nobody needs to wait for it.
    if problems := problems_of(document, task.app_id):
        raise DialogHasProblems(task.title, problems)
    if not despite_tests and (failures := failures_of(task)):
        raise FailedTests(task.title, failures)
    version = _publish(task, document, user, note)
    task.refresh_from_db()
    return version


@transaction.atomic
def _publish(
    task: DialogTask, document: dict[str, Any], user: AbstractBaseUser | AnonymousUser | None, note: str
) -> Version:
    locked = DialogTask.objects.select_for_update().get(pk=task.pk)
    if locked.revision != task.revision:
        raise ChangedMeanwhile(task=locked.title)
    mark = digest(document)
    version = locked.published
    if version is None or version.digest != mark:
        author = user.pk if user else None
        counts = compare(version.document, document).counts if version else None
        fields = {"note": note, "created_by_id": author, "changes": counts}
        version = _freeze(locked, document, mark, number=_next_number(locked), **fields)
    locked.published, locked.published_revision = version, locked.revision
    locked.snapshot = version
    locked.save(update_fields=["published", "published_revision", "snapshot"])
    return version


@transaction.atomic
def snapshot(task: DialogTask) -> Version:
    """The version that equals the draft as it is now: an existing one if any does, otherwise a new snapshot.

    Drafts are taken as they are: what would stop publishing shows when somebody tries them.
    """
    locked = DialogTask.objects.select_for_update().get(pk=task.pk)
    if locked.snapshot is None:
        document = draft_document(locked)
        mark = digest(document)
        same = Version.objects.filter(task=locked, digest=mark).first()
        locked.snapshot = same or _freeze(locked, document, mark)
        locked.save(update_fields=["snapshot"])
    return locked.snapshot


def _next_number(task: DialogTask) -> int:
    latest = Version.objects.filter(task=task).aggregate(latest=Max("number"))["latest"]
    return (latest or 0) + 1


def _freeze(task: DialogTask, document: dict[str, Any], mark: str, **fields: Any) -> Version:
    return Version.objects.create(task=task, document=document, digest=mark, **fields)
