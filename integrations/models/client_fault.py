"""A registration that its provider refuses."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ClientFault(models.Model):
    """Client ID or secret is not accepted: the configuration's fault, by which nobody's grant is lost.

    ``profile`` is empty for the System card, whose client is in the settings. ``mark`` tells which client ID and
    secret were refused, without holding them: others are tried at once.
    """

    provider = models.CharField(max_length=50)
    profile = models.ForeignKey(
        "integrations.AuthorizationProfile", null=True, blank=True, on_delete=models.CASCADE, related_name="faults"
    )
    mark = models.CharField(max_length=64, editable=False)
    words = models.TextField(blank=True, help_text=_("What the provider said."))
    since = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    retry_at = models.DateTimeField(help_text=_("One caller asks again then."))
    refusals = models.PositiveIntegerField(default=1)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "profile"], condition=Q(profile__isnull=False), name="one_fault_per_profile"
            ),
            models.UniqueConstraint(
                fields=["provider"], condition=Q(profile__isnull=True), name="one_fault_of_the_system_client"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider}: {self.profile or 'System'}"
