from __future__ import annotations

from django.db import models
from django.utils import timezone

from xoplatform.core.fields import EncryptedTextField


class QueuedMessage(models.Model):
    """A message that was taken and is not answered yet. Within a conversation the key is the order of arrival.

    The transaction that stores its turn deletes it. A message that will not be answered stays for a while, with the
    reason.
    """

    conversation = models.ForeignKey(
        "dialogs.Conversation",
        on_delete=models.CASCADE,
        related_name="queued_messages",
        db_index=False,  # the constraint's index begins with it
    )
    client_message_id = models.CharField(max_length=100)
    #: JSON of what was said (`flows.line`). Encrypted: only the turn knows what of it may be kept.
    content = EncryptedTextField(bound_to=("conversation", "client_message_id"), editable=False)
    #: Whether whoever posted it still waits for the answer.
    waited_for = models.BooleanField(default=False)
    #: Until when a process is believed to work on it; it may have died.
    held_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: Why it will not be answered, as {"code", "detail", "status"}.
    error = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "client_message_id"], name="one_place_per_message")
        ]

    def __str__(self) -> str:
        return f"{self.client_message_id} · {self.conversation_id}"

    @property
    def is_held(self) -> bool:
        """Whether a process is believed to work on it."""
        return self.held_until is not None and self.held_until > timezone.now()
