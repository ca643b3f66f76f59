"""The record of one call of a provider's API."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OperationCall(models.Model):
    """What was asked of whom with whose grant, and what came back; secrets removed.

    A call that is not idempotent is stored as started before it leaves. One that stays started was
    sent by a process that died: whether the provider carried it out is unknown.
    """

    class Status(models.TextChoices):
        STARTED = "started", _("Started")
        SUCCEEDED = "succeeded", _("Succeeded")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")

    app = models.ForeignKey("xoplatform.App", on_delete=models.CASCADE, related_name="operation_calls")
    action = models.ForeignKey(
        "integrations.Action", null=True, blank=True, on_delete=models.SET_NULL, related_name="operation_calls"
    )
    connection = models.ForeignKey(
        "integrations.Connection", null=True, blank=True, on_delete=models.SET_NULL, related_name="operation_calls"
    )
    end_user = models.ForeignKey(
        "xoplatform.EndUser", null=True, blank=True, on_delete=models.SET_NULL, related_name="operation_calls"
    )
    reference = models.CharField(
        max_length=100, blank=True, db_index=True, help_text=_("What it was done for, e.g. a conversation's id.")
    )
    part = models.CharField(max_length=40, blank=True, help_text=_("Which part of that, e.g. the number of a turn."))
    provider = models.CharField(max_length=60)
    operation = models.CharField(max_length=100)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=2000, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.STARTED)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    site = models.CharField(max_length=200, blank=True)
    account = models.CharField(max_length=200, blank=True)
    request = models.JSONField(default=dict, blank=True)
    response = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["app", "-created_at"], name="operation_calls_of_an_app")]

    def __str__(self) -> str:
        return f"{self.operation} · {self.get_status_display()}"
