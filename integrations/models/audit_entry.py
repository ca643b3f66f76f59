"""Who did what to an App's authorizations."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One thing that was done, kept when what it was done to is gone.

    People are named by keys that go when they go; ``actor_name`` of a staff user stays, an end user's name is
    never written here, so that erasing the person leaves nothing about them behind.
    """

    class Verb(models.TextChoices):
        CONFIGURED = "configured", _("Changed the authorization")
        ENABLED = "enabled", _("Enabled")
        DISABLED = "disabled", _("Disabled")
        DELETED = "deleted", _("Deleted")
        FAILED = "failed", _("Went to error")
        MENDED = "mended", _("Works again")
        CONSENT_STARTED = "consent_started", _("Went to the provider")
        CONSENT_FAILED = "consent_failed", _("Was not authorized")
        CONNECTED = "connected", _("Connected")
        DISCONNECTED = "disconnected", _("Disconnected")
        SITE_CHANGED = "site_changed", _("Changed the site")
        SITES_FOUND = "sites_found", _("New sites noticed")
        REFRESHED = "refreshed", _("Refreshed by hand")
        GRANT_LOST = "grant_lost", _("Lost the authorization")
        WARNED = "warned", _("Warned before the end")
        LINK_CREATED = "link_created", _("Made a link")
        LINK_SENT = "link_sent", _("Sent a link")
        LINK_OPENED = "link_opened", _("Opened a link")
        LINK_USED = "link_used", _("Used a link")
        LINK_DECLINED = "link_declined", _("Said no to a link")
        LINK_REVOKED = "link_revoked", _("Revoked a link")
        LINK_FAILED = "link_failed", _("A link could not be sent")
        PROFILE_CREATED = "profile_created", _("Created a profile")
        PROFILE_CHANGED = "profile_changed", _("Changed a profile")
        PROFILE_DELETED = "profile_deleted", _("Deleted a profile")
        PROFILE_TESTED = "profile_tested", _("Tested a profile")
        CLIENT_REFUSED = "client_refused", _("The provider refused the client")
        CLIENT_MENDED = "client_mended", _("The refusal of the client ended")
        KEY_CREATED = "key_created", _("Made an API key")
        KEY_CHANGED = "key_changed", _("Changed an API key")
        KEY_ROTATED = "key_rotated", _("Rotated an API key")
        KEY_REVOKED = "key_revoked", _("Revoked an API key")
        WEBHOOK_CREATED = "webhook_created", _("Made a webhook")
        WEBHOOK_CHANGED = "webhook_changed", _("Changed a webhook")
        WEBHOOK_ROTATED = "webhook_rotated", _("Made a new secret for a webhook")
        WEBHOOK_DELETED = "webhook_deleted", _("Deleted a webhook")
        ERASED = "erased", _("Erased a person")

    #: What an end user does where no staff is named.
    BY_PERSON = frozenset({Verb.LINK_OPENED, Verb.LINK_USED, Verb.LINK_DECLINED, Verb.CONSENT_STARTED, Verb.CONNECTED})

    app = models.ForeignKey("xoplatform.App", on_delete=models.CASCADE, related_name="audit_entries")
    at = models.DateTimeField(auto_now_add=True)
    verb = models.CharField(max_length=40, choices=Verb.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_name = models.CharField(max_length=200, blank=True)
    end_user = models.ForeignKey(
        "xoplatform.EndUser", null=True, blank=True, on_delete=models.SET_NULL, related_name="audit_entries"
    )
    pseudonym = models.CharField(
        max_length=40, blank=True, editable=False, help_text=_("Stands for an end user who was erased.")
    )
    provider = models.CharField(max_length=60, blank=True)
    connection_id = models.BigIntegerField(
        null=True, blank=True, editable=False, help_text=_("The connection, by number: it may be gone.")
    )
    object = models.CharField(max_length=200, blank=True, help_text=_("What it was done to; no person's name."))
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["app", "-at", "-id"], name="audit_of_an_app"),
            models.Index(fields=["connection_id", "-at"], name="audit_of_a_connection"),
            models.Index(fields=["-at", "-id"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.object}".strip()

    @property
    def who(self) -> str:
        """Who did it: staff by name, otherwise the person whose grant it is, or the platform itself."""
        if self.actor_name:
            return self.actor_name
        return "the person" if self.verb in self.BY_PERSON else "the platform"

    @property
    def for_whom(self) -> str:
        """The end user it is about; a pseudonym once they were erased, empty for the App's own."""
        return str(self.end_user) if self.end_user else self.pseudonym
