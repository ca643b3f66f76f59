from __future__ import annotations

from django.conf import settings
from django.db import models


class DraftEdit(models.Model):
    """One saved change of a draft: what others merge with, and are told when they look again.

    Kept for a while only. ``ops`` and ``things`` are written by `dialogs.documents.editing`.
    """

    task = models.ForeignKey("dialogs.DialogTask", on_delete=models.CASCADE, related_name="edits", db_index=False)
    #: The task's revision that this edit made.
    revision = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    #: The open tab that sent it, and its own number for the edit; null for edits made elsewhere.
    client = models.UUIDField(null=True)
    edit_id = models.UUIDField(null=True)
    ops = models.JSONField(default=list)
    #: What it changed, as [kind, name, field].
    things = models.JSONField(default=list)
    #: What was answered about each operation.
    applied = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["task", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["task", "revision"], name="one_edit_per_revision"),
            models.UniqueConstraint(fields=["task", "edit_id"], name="one_edit_per_id"),
        ]

    def __str__(self) -> str:
        return f"{self.task} · r{self.revision}"
