"""Going back from a draft to what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.documents.comparison import compare
from dialogs.documents.editing import Draft
from dialogs.errors import NothingPublished
from dialogs.models import Version

from .author import draft_document
from .edit import Saved, Sent, edit

if TYPE_CHECKING:
    import uuid

    from dialogs.documents.comparison import Comparison
    from dialogs.models import DialogTask


def discard_changes(
    task: DialogTask,
    user: Any = None,
    *,
    base: int | None = None,
    client: uuid.UUID | None = None,
    edit_id: uuid.UUID | None = None,
) -> Saved:
    """Makes the published version the draft again, as an edit that can be taken back; places and notes stay.

    Raises NothingPublished, and what `edit` raises.
    """
    return edit(task, Sent(wanted=Draft.of(_published(task)), base=base, client=client, edit_id=edit_id), user)


def what_is_lost(task: DialogTask) -> Comparison:
    """How the draft differs from the published version, in words. Raises NothingPublished."""
    return compare(_published(task), draft_document(task))


def _published(task: DialogTask) -> dict[str, Any]:
    if task.published_id is None:
        raise NothingPublished(task=task.title)
    document: dict[str, Any] = Version.objects.values_list("document", flat=True).get(pk=task.published_id)
    return document
