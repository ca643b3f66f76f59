"""Which encryption keys were seen here, and how far stored secrets have been brought under the first."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class EncryptionKey(models.Model):
    """A key of ``XO_ENCRYPTION_KEYS`` that has been seen here, by its fingerprint; the key itself is kept nowhere.

    Until it is retired, stored secrets may need it: its absence is a fault to report, not to run into.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    first_seen_at = models.DateTimeField(auto_now_add=True)
    led_at = models.DateTimeField(null=True, blank=True, help_text=_("When it was first seen in front of the others."))
    retired_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When nothing was left that only this key can read.")
    )

    class Meta:
        ordering = ["first_seen_at"]

    def __str__(self) -> str:
        return self.fingerprint


class SecretRotation(models.Model):
    """How far one column has been re-encrypted under one key; whoever goes on starts at ``last_pk``.

    The first round re-encrypts, the others verify: a process that still ran with the old key may have stored something
    in between. It ends with the first verifying round that ``found`` nothing under an older key.
    """

    fingerprint = models.CharField(max_length=64, help_text=_("Of the key that is to encrypt everything."))
    column = models.CharField(max_length=120, help_text=_("app.Model.field"))
    last_pk = models.CharField(max_length=64, blank=True)
    round = models.PositiveIntegerField(default=1)
    found = models.PositiveIntegerField(default=0, help_text=_("Values under an older key in this round."))
    unreadable = models.PositiveIntegerField(default=0, help_text=_("Values that no key reads, in this round."))
    done = models.PositiveIntegerField(default=0, help_text=_("Values re-encrypted, in all rounds."))
    started_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["column"]
        constraints = [models.UniqueConstraint(fields=["fingerprint", "column"], name="one_rotation_per_column")]

    def __str__(self) -> str:
        return f"{self.column} under {self.fingerprint}"
