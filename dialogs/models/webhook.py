"""What other systems want to be told about an App, and what became of telling them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xoplatform.core.fields import EncryptedTextField


class Webhook(models.Model):
    """An address that gets an App's events. Deliveries leave through its lane, which one worker holds at a time."""

    #: What its address in admin and API shows.
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    app = models.ForeignKey("xoplatform.App", on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(_("name"), max_length=100)
    url = models.URLField(_("address"), max_length=500)
    #: Types of the events that it is sent.
    events = models.JSONField(default=list)
    active = models.BooleanField(_("active"), default=True)
    #: Why it was turned off without anybody asking for it.
    off_reason = models.TextField(blank=True)
    secret = EncryptedTextField(bound_to=("key",), editable=False)
    #: The secret before; deliveries are signed with both for a while.
    earlier_secret = EncryptedTextField(bound_to=("key",), editable=False)
    earlier_until = models.DateTimeField(null=True, editable=False)
    #: Rounds in a row of which nothing got through, and until when the next one waits.
    failures = models.PositiveIntegerField(default=0, editable=False)
    held_until = models.DateTimeField(null=True, editable=False)
    #: Held by the worker that delivers, until `lane_until` at most.
    lane = models.UUIDField(null=True, editable=False)
    lane_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["app", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def both_secrets(self) -> bool:
        """Whether what was signed with the secret before is still good."""
        return self.earlier_until is not None and self.earlier_until > timezone.now()


class WebhookEvent(models.Model):
    """Something that happened, recorded in its own transaction. Deliveries to webhooks are made from it."""

    app = models.ForeignKey("xoplatform.App", on_delete=models.CASCADE, related_name="webhook_events")
    #: Whom it is about: it goes when they are erased.
    end_user = models.ForeignKey("xoplatform.EndUser", on_delete=models.CASCADE, null=True, related_name="+")
    #: In which it happened: what was told of it goes with it.
    conversation = models.ForeignKey("dialogs.Conversation", on_delete=models.CASCADE, null=True, related_name="+")
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    type = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    #: When its deliveries were made.
    handed_out_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["id"], condition=Q(handed_out_at=None), name="events_to_hand_out")]

    def __str__(self) -> str:
        return self.type

    @property
    def public_id(self) -> str:
        """The same in every delivery of this event."""
        return f"evt_{self.key.hex}"


class WebhookDelivery(models.Model):
    """One event on its way to one webhook."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed, tried again")
        GIVEN_UP = "given_up", _("Given up")

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    event = models.ForeignKey(WebhookEvent, on_delete=models.CASCADE, related_name="deliveries")
    type = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    #: {"at", "status", "duration_ms", "error"} of each try, oldest first; the status is None when none came.
    attempts = models.JSONField(default=list)
    #: When it is tried next; None once it is delivered or given up.
    next_attempt_at = models.DateTimeField(null=True, default=timezone.now)
    #: When it is given up.
    retry_until = models.DateTimeField()
    #: Tries since it was queued or replayed.
    tries = models.PositiveSmallIntegerField(default=0)
    #: Set while it is under way.
    started_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "webhook deliveries"
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="one_delivery_per_event")]
        indexes = [
            models.Index(fields=["webhook", "-id"], name="deliveries_of_a_webhook"),
            models.Index(fields=["webhook", "state", "-id"], name="deliveries_by_state"),
            models.Index(fields=["webhook", "next_attempt_at"], name="deliveries_due_of_a_webhook"),
            models.Index(fields=["next_attempt_at", "webhook"], name="deliveries_due"),
        ]

    def __str__(self) -> str:
        return f"{self.type} · {self.get_state_display()}"
