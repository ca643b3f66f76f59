from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class DialogTest(models.Model):
    """A conversation that must go as it once did: what is said, what providers answer, and what is expected."""

    class Status(models.TextChoices):
        NEVER = "never", _("Never run")
        PASSED = "passed", _("Passed")
        FAILED = "failed", _("Failed")

    app = models.ForeignKey("xoplatform.App", on_delete=models.CASCADE, related_name="dialog_tests", db_index=False)
    #: The one dialog task that is tried; without it, all of the App's are open.
    task = models.ForeignKey(
        "dialogs.DialogTask", on_delete=models.CASCADE, null=True, blank=True, related_name="dialog_tests"
    )
    name = models.CharField(max_length=200)
    #: What the dialog may know from outside: the person and the time, see `dialogs.flows.testing.setting`.
    setting = models.JSONField(default=dict, blank=True)
    #: A list of turns, see `dialogs.flows.testing.script`.
    turns = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.NEVER, editable=False)
    #: The last run, see `dialogs.flows.testing.running`.
    result = models.JSONField(null=True, editable=False)
    ran_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["app", "name"]
        constraints = [models.UniqueConstraint(fields=["app", "name"], name="one_dialog_test_per_name")]

    def __str__(self) -> str:
        return self.name
