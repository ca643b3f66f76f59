"""An App's use of a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from .connection import Connection


class Action(models.Model):
    """What was chosen on the Configurations page, and whether service nodes may use it now."""

    class Status(models.TextChoices):
        AVAILABLE = "available", _("Available")
        ENABLED = "enabled", _("Enabled")
        DISABLED = "disabled", _("Disabled")
        ERROR = "error", _("Error")

    class AuthorizationType(models.TextChoices):
        PRE_AUTHORIZE = "pre_authorize", _("Pre-authorize the integration")
        ALLOW_USERS = "allow_users", _("Allow users to authorize the integration")

    class Method(models.TextChoices):
        OAUTH = "oauth", _("OAuth")
        BASIC = "basic", _("Basic")

    class Card(models.TextChoices):
        SYSTEM = "system", _("System")
        CUSTOM = "custom", _("Custom")

    class Edition(models.TextChoices):
        DEVELOPER = "developer", _("Developer")
        ENTERPRISE = "enterprise", _("Enterprise")
        TRIAL = "trial", _("Trial")

    app = models.ForeignKey("xoplatform.App", on_delete=models.CASCADE, related_name="actions")
    provider = models.SlugField(max_length=60)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.AVAILABLE)
    authorization_type = models.CharField(
        max_length=20, choices=AuthorizationType.choices, default=AuthorizationType.PRE_AUTHORIZE
    )
    method = models.CharField(max_length=10, choices=Method.choices, default=Method.OAUTH)
    card = models.CharField(max_length=10, choices=Card.choices, default=Card.SYSTEM)
    profile = models.ForeignKey(
        "integrations.AuthorizationProfile", null=True, blank=True, on_delete=models.RESTRICT, related_name="actions"
    )
    tenant = models.CharField(
        max_length=100, blank=True, help_text=_("Stands for {tenant} in the addresses of a profile with subdomains.")
    )
    edition = models.CharField(max_length=20, choices=Edition.choices, blank=True)
    invite_new_users = models.BooleanField(
        default=False, help_text=_("Under Allow users: a new end user with an e-mail address is sent a link.")
    )
    error_reason = models.TextField(blank=True)
    error_mailed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When owners and developers were told; once per error.")
    )
    first_enabled_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["app", "provider"]
        constraints = [models.UniqueConstraint(fields=["app", "provider"], name="one_action_per_provider")]

    def __str__(self) -> str:
        return f"{self.provider} in {self.app}"

    @property
    def configured(self) -> bool:
        """Whether it stands in the region Configured: it was enabled at least once."""
        return self.first_enabled_at is not None

    @property
    def pre_authorized(self) -> bool:
        """Whether one grant of the App's own serves everybody."""
        return self.authorization_type == self.AuthorizationType.PRE_AUTHORIZE

    def connection_for(self, end_user_id: int | None) -> Connection | None:
        """The grant to act with: the App's own when pre-authorized, otherwise this person's and nobody else's."""
        if self.pre_authorized:
            return self.connections.filter(end_user=None).first()
        return self.connections.filter(end_user_id=end_user_id).first() if end_user_id else None
