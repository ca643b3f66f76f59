"""What has been counted of refreshes and waits, for good."""

from __future__ import annotations

from django.db import models

from .token_refresh import TokenRefresh


class VaultTally(models.Model):
    """One series within one hour. Rows of refreshes come and go, with pruning and with connections; this only grows.

    One table for all processes on all machines: whoever is asked for the figures tells the same.
    """

    class Metric(models.TextChoices):
        REFRESHES = "refreshes"
        #: Seconds until the token endpoint had answered.
        ASKED = "asked"
        #: Seconds from the answer until it was committed.
        KEPT = "kept"
        #: Seconds that callers waited for somebody else's renewal.
        WAITED = "waited"

    hour = models.DateTimeField()
    metric = models.CharField(max_length=20, choices=Metric.choices)
    provider = models.CharField(max_length=50)
    outcome = models.CharField(max_length=20, choices=TokenRefresh.Outcome.choices, blank=True)
    ahead = models.BooleanField(default=False)
    count = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    peak = models.FloatField(default=0)
    buckets = models.JSONField(default=dict)

    class Meta:
        ordering = ["hour", "metric", "provider", "outcome", "ahead"]
        constraints = [
            models.UniqueConstraint(
                fields=["hour", "metric", "provider", "outcome", "ahead"], name="one_tally_per_series_and_hour"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} of {self.provider} {self.outcome} at {self.hour:%Y-%m-%d %H}h"
