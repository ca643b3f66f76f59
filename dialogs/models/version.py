from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Version(models.Model):
    """A dialog task frozen as one document. Never changed, so it can be compiled once and kept.

    A published version has a number; a draft snapshot, taken so that *Talk to Bot* can run what is
    on the canvas, has none.
    """

    task = models.ForeignKey("dialogs.DialogTask", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(null=True, editable=False)
    document = models.JSONField(editable=False)
    digest = models.CharField(max_length=64, editable=False)
    note = models.TextField(blank=True)
    #: How many nodes differ from the version before, as {"added", "removed", "changed", "task"}; null where unknown.
    changes = models.JSONField(null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["task", "-number", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["task", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["task", "digest"], condition=models.Q(number=None), name="one_snapshot_per_digest"
            ),
        ]

    def __str__(self) -> str:
        name = _("draft") if self.number is None else f"v{self.number}"
        return f"{self.task} · {name}"
