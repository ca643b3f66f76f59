from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Conversation(models.Model):
    """One end user talking to one App: the engine's state, and who works on it right now."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        WAITING = "waiting", _("Waiting for authorization")
        AWAITING = "awaiting", _("Waiting for an answer from outside")
        ENDED = "ended", _("Ended")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    app = models.ForeignKey("xoplatform.App", on_delete=models.CASCADE, related_name="conversations")
    end_user = models.ForeignKey("xoplatform.EndUser", on_delete=models.CASCADE, related_name="conversations")
    channel = models.CharField(max_length=40, default="talk")
    #: Whether drafts run instead of published versions, as in *Talk to Bot*.
    draft = models.BooleanField(default=False)
    #: The one dialog task that is being tried; without it, all of the App's are open.
    focus = models.ForeignKey("dialogs.DialogTask", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    state = models.JSONField(default=dict)
    #: Goes up with every turn; a turn that was computed on an older one is computed again.
    revision = models.PositiveIntegerField(default=0)
    #: Held by the turn that has a non-idempotent call under way, until `claimed_until` at most.
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    #: What that turn had done when it claimed: enough to finish it after a crash without calling again.
    journal = models.JSONField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.end_user} · {self.channel}"

    @property
    def claim_ran_out(self) -> bool:
        """Whether a turn claimed the conversation and was not heard of in time: its process died."""
        return self.claimed_until is not None and self.claimed_until <= timezone.now()


class Turn(models.Model):
    """One message, what was answered and how the answer came about. Redacted: people read it."""

    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.CASCADE,
        related_name="turns",
        db_index=False,  # the constraints' indexes begin with it
    )
    number = models.PositiveIntegerField()
    #: The sender's id of the message; a second delivery is answered from this row. Null for turns without a message.
    client_message_id = models.CharField(max_length=100, null=True)
    text = models.TextField(blank=True)
    replies = models.JSONField(default=list)
    trace = models.JSONField(default=dict)
    #: In drafts only: what the turn began with and what was answered from outside (`dialogs.flows.recording`), so that
    #: it can be tried again and made into a test. Read it where it is needed: it is larger than all the rest.
    record = models.JSONField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["conversation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="one_turn_per_number"),
            models.UniqueConstraint(fields=["conversation", "client_message_id"], name="one_turn_per_message"),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"
