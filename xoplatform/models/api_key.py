"""Keys with which programs use the REST API."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What a key may do in its App. `READ` reads everything and changes nothing; the others read what they change."""

    CHAT = "chat", _("Chat: conversations, messages, and the people who take part")
    PEOPLE = "people", _("People: end users, their connections and authorization links")
    CONFIGURATION = "configuration", _("Configuration: actions, profiles, dialog tasks, versions, webhooks")
    READ = "read", _("Read only: everything, changing nothing")


class KeyState(models.TextChoices):
    """What became of a key."""

    ACTIVE = "active", _("Active")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


class ApiKey(models.Model):
    """A program's key for one App. Only hashes are kept; the key itself is shown once.

    While it is being rotated two values open the same row, so that no program has to change at the same instant.
    """

    app = models.ForeignKey("xoplatform.App", on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100, help_text=_("Who uses it, such as the channel's name."))
    #: Begins every value of this key; it names the key in lists and logs and lets nobody in.
    prefix = models.CharField(max_length=16, unique=True, editable=False)
    #: SHA-256 of the value: it has 256 random bits, so there is nothing to guess and no need to slow guessing down.
    digest = models.CharField(max_length=64, editable=False)
    previous_digest = models.CharField(max_length=64, blank=True, editable=False)
    previous_until = models.DateTimeField(null=True, blank=True, editable=False)
    scopes = models.JSONField(default=list)
    requests_per_minute = models.PositiveIntegerField(
        default=600, validators=[MinValueValidator(1), MaxValueValidator(1_000_000)]
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: Within a minute.
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: The end that its owners were warned of by mail; another end is warned of again.
    warned_of = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("API key")
        constraints = [
            models.UniqueConstraint(
                # A key that was revoked leaves its name to the one that comes after it.
                fields=["app", "name"],
                condition=models.Q(revoked_at=None),
                name="one_api_key_per_name",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def state(self) -> KeyState:
        """What became of it by now."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        return KeyState.ACTIVE if self.is_active else KeyState.EXPIRED

    @property
    def is_rotating(self) -> bool:
        """Whether the value before the last rotation still opens it."""
        return self.previous_until is not None and self.previous_until > timezone.now() and self.is_active

    @property
    def is_active(self) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())
