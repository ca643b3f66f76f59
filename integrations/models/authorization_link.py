"""An invitation for one end user to connect one action."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuthorizationLink(models.Model):
    """A one-time link: for whom, how it goes out, and what became of it. Only the hash of its token is kept.

    ``state`` tells of the link, ``delivery`` of its mail. A mail is claimed by one UPDATE before it is handed
    to the mail server, and that UPDATE gives the link the token that the mail carries.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        CHAT = "chat", _("Chat")
        API = "api", _("API")

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        OPENED = "opened", _("Opened")
        USED = "used", _("Used")
        REVOKED = "revoked", _("Revoked")

    class Delivery(models.TextChoices):
        NONE = "none", _("Not by mail")
        QUEUED = "queued", _("Waiting to be sent")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Could not be sent")
        UNKNOWN = "unknown", _("Not known whether it was sent")

    action = models.ForeignKey("integrations.Action", on_delete=models.CASCADE, related_name="links")
    end_user = models.ForeignKey("xoplatform.EndUser", on_delete=models.CASCADE, related_name="authorization_links")
    batch = models.ForeignKey(
        "integrations.LinkBatch", null=True, blank=True, on_delete=models.SET_NULL, related_name="links"
    )
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.MAIL)
    vouched = models.BooleanField(
        default=False, editable=False, help_text=_("The channel vouches for the person, so no code is typed back.")
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    reference = models.CharField(
        max_length=100, blank=True, editable=False, help_text=_("What waits for it, e.g. a conversation's id.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    delivery = models.CharField(max_length=10, choices=Delivery.choices, default=Delivery.NONE)
    send_attempts = models.PositiveSmallIntegerField(default=0)
    send_after = models.DateTimeField(null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    send_error = models.TextField(blank=True)

    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    code_expires_at = models.DateTimeField(null=True, blank=True, editable=False)
    code_attempts = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "end_user"], name="one_link_per_person_and_batch"),
        ]
        indexes = [
            models.Index(fields=["action", "end_user"], name="links_of_a_person"),
            models.Index(fields=["batch", "delivery"], name="links_of_a_batch"),
            models.Index(
                fields=["send_after", "id"], condition=Q(delivery__in=["queued", "sending"]), name="links_to_send"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.end_user} · {self.get_state_display()}"

    @property
    def open(self) -> bool:
        """Whether it was neither used nor revoked; it may still have expired."""
        return self.state in (self.State.PENDING, self.State.OPENED)

    @property
    def expired(self) -> bool:
        return self.open and self.expires_at <= timezone.now()

    @property
    def code_needed(self) -> bool:
        """Whether a code must be typed back where the link was given: only a mailbox or the channel proves it."""
        return self.channel != self.Channel.MAIL and not self.vouched
