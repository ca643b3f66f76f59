"""The log of a draft's edits: what others did since, and for how long that is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q
from django.utils import timezone

from dialogs.documents.editing import Thing
from dialogs.models import DraftEdit

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence

    from dialogs.models import DialogTask

Op = dict[str, Any]
#: Old and new name of a node, and the edit that gave it.
Renaming = tuple[str, str, DraftEdit]

#: How many edits of a task are kept, and for how long.
MOST: Final = 1000
KEPT: Final = timedelta(days=30)
#: Edits between two looks at what can go.
OFTEN: Final = 50


@dataclass(frozen=True)
class Log:
    """The edits behind a revision, in order; ``complete`` unless some of them are no longer, or were never, in it."""

    edits: Sequence[DraftEdit]
    complete: bool
    #: The edit that has the number which was asked for.
    same: DraftEdit | None = None

    def of_others(self, client: uuid.UUID | None) -> list[DraftEdit]:
        """Those that did not come from this tab."""
        return [edit for edit in self.edits if client is None or edit.client != client]

    def ops_of_others(self, client: uuid.UUID | None) -> list[Op]:
        """Their operations, in order."""
        return [op for edit in self.of_others(client) for op in edit.ops]

    def renamings_of_others(self, client: uuid.UUID | None) -> list[Renaming]:
        """Old and new names of nodes that others renamed, in order, each with the edit that did it."""
        return [
            (op["from"], op["to"], edit)
            for edit in self.of_others(client)
            for op in edit.ops
            if op["op"] == "rename_node"
        ]

    def things_of_others(self, client: uuid.UUID | None) -> dict[Thing, DraftEdit]:
        """What they changed, each with the edit that did it last."""
        return {Thing(*thing): edit for edit in self.of_others(client) for thing in edit.things}


def things_of(ops: Sequence[Op], things: Iterable[Thing]) -> list[Thing]:
    """What an edit changed that others could undo. Nothing, if it only renamed nodes: that is followed instead."""
    return [] if ops and all(op["op"] == "rename_node" for op in ops) else list(things)


def renamings_of(task: DialogTask, name: str, client: uuid.UUID | None) -> list[Renaming]:
    """The latest renamings by others, if one of them took ``name`` from a node; one query."""
    found = since(task, max(0, task.revision - OFTEN)).renamings_of_others(client)
    return found if any(old == name for old, _, _ in found) else []


def since(task: DialogTask, revision: int, edit_id: uuid.UUID | None = None) -> Log:
    """What was saved after ``revision`` of a task, and whether an edit of this number was; one query, or none."""
    if revision >= task.revision and edit_id is None:
        return Log([], complete=True)
    wanted = Q(revision__gt=revision) | Q(edit_id=edit_id) if edit_id else Q(revision__gt=revision)
    rows = list(DraftEdit.objects.filter(wanted, task=task, revision__lte=task.revision).select_related("author"))
    edits = [row for row in rows if row.revision > revision]
    same = next((row for row in rows if edit_id is not None and row.edit_id == edit_id), None)
    return Log(edits, complete=len(edits) == max(task.revision - revision, 0), same=same)


def spelled_out(ops: Iterable[Op], applied: Iterable[Op]) -> list[Op]:
    """Operations as others are told them: behind a renaming comes all that it rewrote."""
    pairs = list(zip(ops, applied, strict=True))
    return [one for op, told in pairs for one in (op, *(told["ops"] if op["op"] == "rename_node" else ()))]


def prune(task: DialogTask, revision: int) -> None:
    """Drops what is too old, now and then."""
    if revision % OFTEN == 0:
        DraftEdit.objects.filter(task=task, revision__lte=revision - MOST).delete()


def prune_all() -> int:
    """Drops what is older than `KEPT` in all tasks; how many."""
    return DraftEdit.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


def name_of(edit: DraftEdit) -> str:
    """Who made an edit, in words."""
    return called(edit.author) if edit.author else "somebody"


def called(user: Any) -> str:
    """A member of staff as others see them."""
    return str(user.get_full_name() or user.get_username())
