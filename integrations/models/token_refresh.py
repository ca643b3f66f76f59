"""One renewal of a connection's tokens, and a run over all that are due."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TokenRefresh(models.Model):
    """The intent to renew one generation: committed before the provider is asked, so that a crash leaves its trace.

    While it is open, its ``lease`` is the one on the connection. Who finds the owner dead may repeat the same request
    at once.
    """

    class Outcome(models.TextChoices):
        STARTED = "started", _("Under way")
        RENEWED = "renewed", _("Renewed")
        LOST = "lost", _("Authorization lost")
        CLIENT_REFUSED = "client_refused", _("Client refused")
        UNAVAILABLE = "unavailable", _("Provider not available")
        SUPERSEDED = "superseded", _("Overtaken")
        ABANDONED = "abandoned", _("Its process ended")

    connection = models.ForeignKey("integrations.Connection", on_delete=models.CASCADE, related_name="refreshes")
    generation = models.PositiveIntegerField(help_text=_("The generation that was to be renewed."))
    lease = models.CharField(max_length=64, unique=True)
    owner = models.CharField(max_length=200, help_text=_("The process that asks: machine, number and start."))
    ahead = models.BooleanField(default=False, help_text=_("Whether the clock asked, not a caller."))
    outcome = models.CharField(max_length=20, choices=Outcome.choices, default=Outcome.STARTED)
    reason = models.TextField(blank=True)
    requests = models.PositiveSmallIntegerField(default=0, help_text=_("How often the token endpoint was asked."))
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    asked_ms = models.PositiveIntegerField(null=True, blank=True, help_text=_("Until the provider's answer."))
    kept_ms = models.FloatField(
        null=True, blank=True, help_text=_("From the answer until it was committed: what a crash could cost.")
    )
    tallied = models.BooleanField(default=False, editable=False, help_text=_("Whether the tally holds it."))

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["connection", "-id"], name="refreshes_of_a_connection"),
            models.Index(fields=["started_at", "outcome"], name="refreshes_by_time"),
            # Those under way and those that ended a moment ago: few, however many there have been.
            models.Index(fields=["outcome", "started_at"], condition=Q(tallied=False), name="refreshes_to_tally"),
        ]

    def __str__(self) -> str:
        return f"Refresh of {self.connection_id} at {self.started_at:%Y-%m-%d %H:%M:%S}"


class RefreshRun(models.Model):
    """One pass over the connections whose tokens are due. Only one is open at a time, whichever worker has it."""

    owner = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    until = models.DateTimeField(help_text=_("When somebody else may take over."))
    ended_at = models.DateTimeField(null=True, blank=True)
    found = models.PositiveIntegerField(default=0)
    renewed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(models.Value(1), condition=Q(ended_at__isnull=True), name="one_open_refresh_run"),
        ]
        indexes = [models.Index(fields=["started_at"], name="refresh_runs_by_time")]

    def __str__(self) -> str:
        return f"Run of {self.started_at:%Y-%m-%d %H:%M:%S}"
