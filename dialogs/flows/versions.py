"""Looking back at what was published, and going back to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from dialogs.documents.comparison import Comparison, compare
from dialogs.errors import ChangedSinceLook, DialogHasProblems, UnknownVersion
from dialogs.models import DialogTask, Version

from .author import draft_document, replace_draft
from .publish import publish
from .validate import problems_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

#: How a comparison names the rows as they are now.
DRAFT = "draft"


@dataclass(frozen=True)
class Side:
    """One of two things compared: a version, or the draft where ``version`` is None."""

    name: str
    version: Version | None
    document: dict[str, Any]


def side(task: DialogTask, name: str) -> Side:
    """The draft, or the published version with that number ("v3" or "3"). Raises UnknownVersion."""
    if name == DRAFT:
        return Side("the draft", None, draft_document(task))
    digits = name.removeprefix("v")
    version = _numbered(task, int(digits)) if digits.isdecimal() and len(digits) < 10 else None  # noqa: PLR2004
    if version is None:
        raise UnknownVersion(task=task.title, version=name)
    return Side(f"v{version.number}", version, version.document)


def _numbered(task: DialogTask, number: int) -> Version | None:
    return Version.objects.select_related("created_by").filter(task=task, number=number).first()


@dataclass(frozen=True)
class RollBack:
    """What going back to a version would do: to the draft's text, and which edits it would lose."""

    version: Version
    coming: Comparison
    #: Edits of the draft that no version holds.
    lost: Comparison
    revision: int

    @property
    def nothing(self) -> bool:
        """Whether draft and published version equal it already."""
        return not self.coming and not self.lost and self.version.task.published_id == self.version.pk


def look_back(task: DialogTask, number: int) -> RollBack:
    """What rolling back to a version would change and lose. Raises UnknownVersion."""
    version = _numbered(task, number)
    if version is None:
        raise UnknownVersion(task=task.title, version=f"v{number}")
    version.task = task
    draft = draft_document(task)
    return RollBack(version, compare(draft, version.document), _unpublished(task, draft), task.revision)


def _unpublished(task: DialogTask, draft: dict[str, Any]) -> Comparison:
    if task.published is None:
        return compare({"nodes": []}, draft)
    return compare(task.published.document, draft)


def roll_back(
    task: DialogTask,
    number: int,
    *,
    revision: int,
    live: bool = True,
    user: AbstractBaseUser | AnonymousUser | None = None,
    note: str = "",
) -> Version:
    """Puts a version's content in place of the draft and, when ``live``, publishes it as a new version.

    ``revision`` is the draft's that the person looked at. Conversations under way stay with the version they began
    with. Gives the version that holds the content: the new one, or that which was rolled back to. Raises
    UnknownVersion, ChangedSinceLook, and DialogHasProblems when the old content could not be published today; the
    draft is then as it was.
    """
    version = _numbered(task, number)
    if version is None:
        raise UnknownVersion(task=task.title, version=f"v{number}")
    if live and (problems := problems_of(version.document, task.app_id)):
        raise DialogHasProblems(task.title, problems)
    _replace(task, version, revision, user)
    if not live:
        return version
    # Going back is how a fault that is live is mended: tests of what came later must not stand in the way.
    return publish(task, user, note or f"Rolled back to v{number}.", despite_tests=True)


@transaction.atomic
def _replace(task: DialogTask, version: Version, revision: int, user: Any) -> None:
    locked = DialogTask.objects.select_for_update().get(pk=task.pk)
    if locked.revision != revision:
        raise ChangedSinceLook(task=locked.title)
    # Nodes stay where they stand on the canvas: a version holds no places.
    replace_draft(locked, version.document, user)
    task.refresh_from_db()
