from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


def stored_at(row: Attachment, _name: str) -> str:
    """Where a file lies in the storage: under its App, by a name that nobody can guess or choose."""
    return f"attachments/{row.app_id}/{row.public_id}"


class Attachment(models.Model):
    """A file that came for a conversation, and that a message names by `reference`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    app = models.ForeignKey("xoplatform.App", on_delete=models.CASCADE, related_name="attachments")
    #: Whose it is, and nobody else may send or read it; without one it is the App's own.
    end_user = models.ForeignKey("xoplatform.EndUser", on_delete=models.CASCADE, null=True, related_name="attachments")
    #: Where it was sent; none until a message names it. Whoever deletes the conversation deletes the file.
    conversation = models.ForeignKey(
        "dialogs.Conversation", on_delete=models.CASCADE, null=True, related_name="attachments"
    )
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text=_("Bytes."))
    content = models.FileField(upload_to=stored_at, max_length=200)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def reference(self) -> dict[str, str | int]:
        """What a message, a dialog's context and the API say of it."""
        about: dict[str, str | int] = {"id": str(self.public_id), "name": self.name}
        return about | {"content_type": self.content_type, "size": self.size}
