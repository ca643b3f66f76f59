"""Links for everybody at once, and the pace at which mails leave."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class LinkBatch(models.Model):
    """One round of links to end users who have no usable connection. How far its mails are is counted on them.

    The links are made by a job in the order of the end users' ids; ``prepared_to`` says how far it came.
    """

    action = models.ForeignKey("integrations.Action", on_delete=models.CASCADE, related_name="link_batches")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    everybody = models.BooleanField(
        default=True,
        help_text=_("For all end users of the App up to the last one at that time; otherwise a selection."),
    )
    last_end_user_id = models.BigIntegerField(default=0, editable=False)
    prepared_to = models.BigIntegerField(default=0, editable=False)
    prepared_at = models.DateTimeField(null=True, blank=True, editable=False)
    without_email = models.PositiveIntegerField(
        default=0, help_text=_("People without an e-mail address, who get theirs in chat.")
    )

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "link batches"

    def __str__(self) -> str:
        return f"Links of {self.created_at:%Y-%m-%d %H:%M}"


class MailPace(models.Model):
    """When the next mails with links may leave: one row for the whole installation."""

    next_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"Next mails at {self.next_at:%H:%M:%S}"
