"""Taking in an exported file: read, reported, confirmed, applied in one piece or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from dialogs.documents import load_export
from dialogs.engine.context import clean_text
from dialogs.errors import StaleImport, UnknownImport
from dialogs.models import DialogTask, DialogTest, PendingImport

from .author import create_task, replace_draft
from .conversation_settings import keep_settings
from .import_plan import Mode, Plan, check_settings, mark_of, plan_import

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xoplatform.models import App

#: How long an uploaded file waits for somebody to apply it.
KEPT = timedelta(days=1)


def receive(app: App, data: bytes, *, file_name: str, mode: Mode, user: Any) -> PendingImport:
    """Reads an uploaded file and keeps it until it is applied.

    Raises UnreadableDocument and BadSettings; nothing is kept then.
    """
    content = load_export(data)
    check_settings(content)
    return PendingImport.objects.create(
        app=app, created_by=user, file_name=clean_text(file_name)[:200] or "file", mode=mode, content=content
    )


def waiting(app: App, pk: int, user: Any) -> PendingImport:
    """A file that this person uploaded for this App. Raises UnknownImport when it was applied or has run out."""
    row = PendingImport.objects.filter(app=app, pk=pk, created_by=user, created_at__gt=timezone.now() - KEPT).first()
    if row is None:
        raise UnknownImport
    return row


def apply_pending(row: PendingImport, mark: str) -> Plan:
    """Applies an uploaded file as it was reported, and forgets it. Raises StaleImport when the App changed since."""
    plan = apply_import(row.app, row.content, _mode(row.mode), mark, row.created_by)
    row.delete()
    return plan


def _mode(name: str) -> Mode:
    return "full" if name == "full" else "incremental"


def apply_import(app: App, content: Mapping[str, Any], mode: Mode, mark: str, user: Any = None) -> Plan:
    """Makes the App's drafts what the report said, in one transaction; what is published goes on running.

    ``mark`` is the report's. Raises StaleImport when the App is no longer as it was reported.
    """
    plan = plan_import(app, content, mode)
    with transaction.atomic():
        # Whoever edits a task of this App meanwhile waits, or is found to have been quicker.
        type(app).objects.select_for_update().get(pk=app.pk)
        rows = {row.name: row for row in DialogTask.objects.select_for_update().filter(app=app)}
        if mark_of(app, content, mode) != mark or plan.mark != mark:
            raise StaleImport(app=app.name)
        entries = {entry["name"]: entry for entry in content["tasks"]}
        for task in plan.tasks:
            _apply(app, rows.get(task.name), entries.get(task.name), task.effect, user)
        _apply_tests(app, content, dict(plan.tests))
        if plan.settings:
            keep_settings(app.pk, content["settings"])
    return plan


def _apply(app: App, row: DialogTask | None, entry: Mapping[str, Any] | None, effect: str, user: Any) -> None:
    if effect == "new" and entry is not None:
        create_task(app, entry, **_origin(entry))
    elif effect == "replaced" and row is not None and entry is not None:
        replace_draft(row, entry, user)
    elif effect == "deleted" and row is not None:
        row.delete()


def _origin(entry: Mapping[str, Any]) -> dict[str, str]:
    head = entry.get("template") or {}
    named = {"provider": "provider", "template_id": "id", "template_version": "version"}
    lengths = {"provider": 60, "template_id": 100, "template_version": 40}
    return {column: str(head.get(key) or "")[: lengths[column]] for column, key in named.items()}


def _apply_tests(app: App, content: Mapping[str, Any], effects: Mapping[str, str]) -> None:
    tasks = dict(DialogTask.objects.filter(app=app).values_list("name", "pk"))
    for entry in content.get("tests") or []:
        if effects.get(entry["name"]) == "same" or (entry.get("task") and entry["task"] not in tasks):
            continue
        values = {
            "task_id": tasks.get(entry.get("task")),
            "setting": entry.get("setting") or {},
            "turns": entry["turns"],
            "status": DialogTest.Status.NEVER,
            "result": None,
            "ran_at": None,
        }
        DialogTest.objects.update_or_create(app=app, name=entry["name"], defaults=values)
    gone = [name for name, effect in effects.items() if effect == "deleted"]
    DialogTest.objects.filter(app=app, name__in=gone).delete()


def prune_imports() -> int:
    """Deletes uploaded files that nobody applied in time; how many."""
    deleted, _by_kind = PendingImport.objects.filter(created_at__lte=timezone.now() - KEPT).delete()
    return deleted
