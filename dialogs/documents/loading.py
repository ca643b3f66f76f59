from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xoplatform.core.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Mapping


class UnreadableDocument(PlatformError):  # noqa: N818 -- named for what happened
    """The dialog document cannot be read: {reason} Nothing was imported or changed. Whoever wrote it can mend it."""

    code = "unreadable_document"


def load(text: str | bytes) -> dict[str, Any]:
    """A document from YAML or JSON. Raises UnreadableDocument, which names node and field."""
    raise NotImplementedError(text)


def check(document: Mapping[str, Any]) -> None:
    """Raises UnreadableDocument when a document has not the form of format 1."""
    raise NotImplementedError(document)
