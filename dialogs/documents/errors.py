from __future__ import annotations

from xoplatform.core.errors import PlatformError


class UnreadableDocument(PlatformError):
    """The dialog document cannot be read: {reason} Nothing was imported or changed. Whoever wrote it can mend it."""

    code = "unreadable_document"
