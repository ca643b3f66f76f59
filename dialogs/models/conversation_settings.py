from __future__ import annotations

from django.db import models


class ConversationSettings(models.Model):
    """An App's settings of conversations, as far as they differ from the defaults (see `engine.settings`)."""

    app = models.OneToOneField("xoplatform.App", on_delete=models.CASCADE, related_name="conversation_settings")
    values = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "conversation settings"

    def __str__(self) -> str:
        return str(self.app)
