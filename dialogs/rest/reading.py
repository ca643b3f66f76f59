"""Documents as they come in: refused with the place of each fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dialogs.documents.loading import as_if_begun, complaints
from dialogs.engine.settings import complaints as complaints_of_settings
from xoplatform.rest.errors import Invalid

LARGEST_REVISION = 2**31 - 1


def document_of(value: Any, *where: str | int) -> dict[str, Any]:
    """A draft's document of format 1; ``where`` leads to it in the body. Raises Invalid, which points at the faults."""
    if not isinstance(value, Mapping):
        raise Invalid([(where, "Give an object: a document of format 1.")])
    if isinstance(value.get("format"), bool) or value.get("format") != 1:
        raise Invalid([((*where, "format"), "This version reads format 1.")])
    if wrong := complaints(as_if_begun(value)):
        raise Invalid([((*where, *path), words) for path, words in wrong])
    check_settings(value.get("settings") or {}, *where, "settings")
    return dict(value)


def draft_of(value: Any, name: str) -> tuple[dict[str, Any], int | None]:
    """The document of a task that is there already, and the revision that it was made from. Raises Invalid."""
    rest = dict(value) if isinstance(value, Mapping) else value
    base = rest.pop("revision", None) if isinstance(rest, dict) else None
    if base is not None and (not isinstance(base, int) or isinstance(base, bool) or not 0 <= base <= LARGEST_REVISION):
        raise Invalid([(["revision"], "Give the revision of the draft that you read.")])
    document = document_of(rest)
    if document["name"] != name:
        raise Invalid([(["name"], f"The task keeps its name {name}; duplicate it to have one of another name.")])
    return document, base


def check_settings(given: Mapping[str, Any], *where: str | int, of_a_dialog: bool = True) -> None:
    """Raises Invalid, which points at each setting that cannot be kept."""
    wrong = complaints_of_settings(given, of_a_dialog=of_a_dialog)
    if wrong:
        raise Invalid([((*where, name), f"The setting {name} {words}.") for name, words in wrong])
