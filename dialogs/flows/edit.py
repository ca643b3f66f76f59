"""Saving an edit of a draft: whole or not at all, once however often it is sent, merged with what others did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from dialogs.documents import digest
from dialogs.documents.editing import BadEdit, apply, clashes, exactly, followed, ops_between, touched
from dialogs.documents.editing.touches import only_looks
from dialogs.errors import EditConflict, EditTooOld
from dialogs.models import DialogTask, DraftEdit

from . import conflicts, drafts, edit_log

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from dialogs.documents.editing import Draft, Thing

    from .drafts import Rows

Op = dict[str, Any]

#: How often an edit is worked out beside others that are being saved, before they have to wait for it.
TRIES: Final = 3


@dataclass(frozen=True)
class Sent:
    """An edit as it came: operations, or a draft to turn this one into.

    ``base`` is the revision that its author saw; without one it is made on whatever is there.
    """

    ops: Sequence[Op] = ()
    wanted: Draft | None = None
    base: int | None = None
    client: uuid.UUID | None = None
    edit_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Saved:
    """What became of an edit. ``others`` are operations of other people that its author did not know of."""

    task: DialogTask
    draft: Draft
    ops: list[Op]
    applied: list[Op]
    others: list[Op] = field(default_factory=list)


def edit(task: DialogTask, sent: Sent, user: Any = None, **fields: Any) -> Saved:
    """Makes an edit on a task's draft; ``fields`` are further columns of the task that it sets.

    Raises BadEdit, EditConflict where others changed the same since ``base``, EditTooOld where the log does not reach
    back that far, and DialogTask.DoesNotExist; nothing is changed then. An edit of an ``edit_id`` that was saved
    already is answered as it was. Only the last write stands in a transaction; what it was worked out from is checked
    there.
    """
    for _ in range(TRIES):
        if saved := _try(task, sent, user, fields):
            return saved
    # With so many who save, the others wait for once.
    with transaction.atomic():
        DialogTask.objects.select_for_update().get(pk=task.pk)
        saved = _try(task, sent, user, fields)
    if saved is None:
        raise ChangedWhileLockedError(task.pk)
    return saved


class ChangedWhileLockedError(RuntimeError):
    """A task's row was written although it was locked: some code writes past the database's rules."""


def note(task: DialogTask, before: Draft, user: Any = None) -> None:
    """Logs what was changed in a draft's rows by other ways than `edit`, so that others are told of it and can merge.

    ``before`` is the draft as it was. Call it in the transaction of the change, which must hold the task's row.
    """
    row = _rows().get(pk=task.pk)
    after = drafts.read(row).draft
    things = list(touched(before, after))
    columns = {**_standing(row, after, things), "revision": row.revision + 1, "updated_at": timezone.now()}
    DialogTask.objects.filter(pk=row.pk).update(**columns)
    ops = ops_between(before, after)
    author = user.pk if user else None
    DraftEdit.objects.create(task=row, revision=row.revision + 1, author_id=author, ops=ops, things=things)
    task.refresh_from_db()


def _rows() -> QuerySet[DialogTask]:
    return DialogTask.objects.select_related("published").defer("template_document", "published__document")


@dataclass(frozen=True)
class _Plan:
    """What an edit comes to on a draft as it was read."""

    row: DialogTask
    rows: Rows
    after: Draft
    ops: Sequence[Op]
    applied: list[Op]
    things: list[Thing]


def _try(task: DialogTask, sent: Sent, user: Any, fields: dict[str, Any]) -> Saved | None:
    """None when somebody else wrote while this was worked out."""
    row = _rows().get(pk=task.pk)
    log = edit_log.since(row, row.revision if sent.base is None else sent.base, sent.edit_id)
    if not log.complete:
        raise EditTooOld(task=row.title)
    rows = drafts.read(row)
    others = log.ops_of_others(sent.client)
    if log.same is not None:
        return Saved(row, rows.draft, log.same.ops, log.same.applied, others)
    try:
        plan = _plan(row, rows, sent, log)
    except (BadEdit, EditConflict):
        if _rows().filter(pk=row.pk, revision=row.revision).exists():
            raise
        return None  # it was held against rows that are of a later revision
    if not _stored(plan, sent, user, fields):
        return None
    return Saved(row, plan.after, edit_log.spelled_out(plan.ops, plan.applied), plan.applied, others)


def _plan(
    row: DialogTask,
    rows: Rows,
    sent: Sent,
    log: edit_log.Log,
    earlier: Sequence[edit_log.Renaming] = (),
) -> _Plan:
    """Raises BadEdit, and EditConflict where it would undo what others did.

    ``earlier`` are renamings that the sender was told of, but what it had begun to write before does not know.
    """
    theirs = log.things_of_others(sent.client)
    asked = sent.ops if sent.wanted is None else ops_between(rows.draft, drafts.placed_like(sent.wanted, rows.draft))
    ops = followed(asked, rows.draft, earlier or log.renamings_of_others(sent.client))
    if twice := conflicts.about_names(asked, log.renamings_of_others(sent.client)):
        raise conflicts.refused(row, log.ops_of_others(sent.client), [twice])
    after = rows.draft.copy()
    try:
        applied = apply(after, ops)
    except BadEdit as error:
        if lost := conflicts.about_node(error.node, ops[error.at], rows.draft, theirs):
            raise conflicts.refused(row, log.ops_of_others(sent.client), [lost]) from None
        if not earlier and (found_earlier := edit_log.renamings_of(row, error.node, sent.client)):
            return _plan(row, rows, sent, log, found_earlier)
        raise
    if sent.wanted is not None:
        after.nodes = {name: after.nodes[name] for name in sent.wanted.nodes}
    values = touched(rows.draft, after)
    if clashing := clashes(values, theirs):
        found = [conflicts.about(thing, values[thing], theirs) for thing in clashing]
        raise conflicts.refused(row, log.ops_of_others(sent.client), found)
    for told, was, op in zip(applied, asked, ops, strict=True):
        if more := exactly(was, op):
            told["ops"] = [*more, *told.get("ops", ())]
    return _Plan(row, rows, after, ops, applied, list(values))


def _stored(plan: _Plan, sent: Sent, user: Any, fields: dict[str, Any]) -> bool:
    """Writes it, unless somebody else wrote first."""
    row, revision = plan.row, plan.row.revision + 1
    columns = {**drafts.head_of(plan.after), **_standing(row, plan.after, plan.things), **fields}
    columns |= {"revision": revision, "updated_at": timezone.now()}
    try:
        with transaction.atomic():
            # Takes the row's lock and finds out whether anybody was quicker, in one.
            if not DialogTask.objects.filter(pk=row.pk, revision=row.revision).update(**columns):
                return False
            drafts.write(row, plan.rows, plan.after)
            DraftEdit.objects.create(
                task=row,
                revision=revision,
                author_id=user.pk if user else None,
                client=sent.client,
                edit_id=sent.edit_id,
                ops=edit_log.spelled_out(plan.ops, plan.applied),
                things=edit_log.things_of(plan.ops, plan.things),
                applied=plan.applied,
            )
            edit_log.prune(row, revision)
    except IntegrityError:
        # A row of the task came or went by other ways than an edit; what is there now is read anew.
        if DialogTask.objects.filter(pk=row.pk, revision=row.revision).exists():
            raise
        return False
    for name, value in columns.items():
        setattr(row, name, value)
    return True


def _standing(row: DialogTask, after: Draft, things: Sequence[Thing]) -> dict[str, Any]:
    """How the task stands to its published version, its snapshot and its template after an edit."""
    revision = row.revision + 1
    unseen = only_looks(things)
    columns: dict[str, Any] = {}
    if not unseen:
        columns["snapshot_id"] = None
    if unseen and row.published_revision == row.revision:
        columns["published_revision"] = revision
    elif row.published is not None and digest(after.document()) == row.published.digest:
        columns |= {"published_revision": revision, "snapshot_id": row.published_id}
    if unseen and row.template_revision == row.revision:
        columns["template_revision"] = revision
    return columns
