"""One trip to a provider's consent page and back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from xoplatform.core.fields import EncryptedTextField


class AuthorizationAttempt(models.Model):
    """Holds the hash of a single-use ``state``, who started it in which browser, for what, and how it ended."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Waiting for the provider")
        CONNECTED = "connected", _("Connected")
        CHOOSING_SITE = "choosing_site", _("Choose a site")
        CONFIRMING = "confirming", _("Waiting for the person to confirm the account")
        AWAITING_CODE = "awaiting_code", _("Waiting for the code in the chat")
        DENIED = "denied", _("Denied")
        FAILED = "failed", _("Failed")

    action = models.ForeignKey("integrations.Action", on_delete=models.CASCADE, related_name="authorization_attempts")
    end_user = models.ForeignKey(
        "xoplatform.EndUser", null=True, blank=True, on_delete=models.CASCADE, related_name="authorization_attempts"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    link = models.ForeignKey(
        "integrations.AuthorizationLink", null=True, blank=True, on_delete=models.CASCADE, related_name="attempts"
    )
    profile = models.ForeignKey(
        "integrations.AuthorizationProfile", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    choices = models.JSONField(
        default=dict, blank=True, help_text=_("What becomes of the action once the grant is stored; empty: as it is.")
    )
    state_hash = models.CharField(max_length=64, unique=True, editable=False)
    session_hash = models.CharField(max_length=64, editable=False)
    client_id = models.CharField(max_length=255, editable=False)
    verifier = EncryptedTextField(bound_to=("state_hash",), editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.PENDING)
    reason = models.TextField(blank=True, help_text=_("What happened, in words for the person who waits."))
    connection = models.ForeignKey(
        "integrations.Connection", null=True, blank=True, on_delete=models.SET_NULL, related_name="attempts"
    )

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.action} · {self.get_outcome_display()}"
