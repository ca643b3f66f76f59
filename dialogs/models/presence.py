from __future__ import annotations

from django.conf import settings
from django.db import models


class Presence(models.Model):
    """Somebody who has a canvas open, one row per tab. Rows that were not seen lately mean nothing."""

    task = models.ForeignKey("dialogs.DialogTask", on_delete=models.CASCADE, related_name="presences", db_index=False)
    client = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    #: The node that is selected there, if one is.
    node = models.CharField(max_length=100, blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["task", "pk"]
        constraints = [models.UniqueConstraint(fields=["task", "client"], name="one_presence_per_tab")]

    def __str__(self) -> str:
        return f"{self.user} · {self.task}"
