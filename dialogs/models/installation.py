from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Installation(models.Model):
    """The latest time an App installed a template, and how far it came: what the page shows as progress."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        INSTALLING = "installing", _("Installing")
        INSTALLED = "installed", _("Installed")
        FAILED = "failed", _("Failed")

    app = models.ForeignKey("xoplatform.App", on_delete=models.CASCADE, related_name="installations", db_index=False)
    provider = models.CharField(max_length=60)
    template_id = models.CharField(max_length=100)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.WAITING)
    message = models.TextField(blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["app", "provider", "template_id"]
        constraints = [
            models.UniqueConstraint(fields=["app", "provider", "template_id"], name="one_installation_per_template")
        ]

    def __str__(self) -> str:
        return f"{self.template_id} · {self.get_status_display()}"
