from __future__ import annotations

from django.conf import settings
from django.db import models


class PendingImport(models.Model):
    """A file that was uploaded and read, until somebody who saw its report applies it or a day has passed."""

    app = models.ForeignKey("xoplatform.App", on_delete=models.CASCADE, related_name="pending_imports")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    #: "full" or "incremental", see `dialogs.flows.importing`.
    mode = models.CharField(max_length=20)
    content = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name
