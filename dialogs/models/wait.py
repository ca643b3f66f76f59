"""What a conversation waits for from outside, and what came."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xoplatform.core.fields import EncryptedTextField


class EventSettings(models.Model):
    """How an App signs what it sends to systems of its owner's, and where its agent desk is."""

    app = models.OneToOneField("xoplatform.App", on_delete=models.CASCADE, related_name="event_settings")
    secret = EncryptedTextField(bound_to=("app",), editable=False)
    desk_url = models.URLField(
        _("address of the agent desk"), max_length=500, blank=True, help_text=_("Takes over conversations.")
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["app"]
        verbose_name = verbose_name_plural = _("webhooks and agent desk")

    def __str__(self) -> str:
        return f"{self.app}"


class Wait(models.Model):
    """A callback, a form or a person at a desk that a conversation waits for. Only the hash of its token is kept."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        ENDED = "ended", _("Ended")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey("dialogs.Conversation", on_delete=models.CASCADE, related_name="waits")
    node = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    #: What ended it: the kind of an event, or "left" when the conversation went on without it.
    ended_by = models.CharField(max_length=20, blank=True)
    #: Seconds; an agent's wait begins anew with every message.
    timeout = models.PositiveIntegerField()
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["expires_at"], condition=Q(status="open"), name="waits_that_are_open")]

    def __str__(self) -> str:
        return f"{self.node} · {self.get_status_display()}"


class Arrival(models.Model):
    """Something that came for a wait: kept until the conversation has taken it, each delivery once."""

    wait = models.ForeignKey(Wait, on_delete=models.CASCADE, related_name="arrivals", db_index=False)
    delivery = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    #: Emptied once it is taken: from then on the conversation has it.
    data = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["wait", "delivery"], name="one_arrival_per_delivery")]
        indexes = [models.Index(fields=["created_at"], condition=Q(taken_at=None), name="arrivals_not_taken")]

    def __str__(self) -> str:
        return f"{self.kind} · {self.wait_id}"
