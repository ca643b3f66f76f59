"""A file that came with the message, kept as {"name", "content_type", "size", "url" or "id"}, up to 25 MB."""

from __future__ import annotations

from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

from dialogs.nodes.saying import say
from dialogs.nodes.values import figures
from dialogs.nodes.values.base import Circumstances, Found, Reading, Several, Unfit, ValueType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.nodes.person import Person

MEGABYTE = 1024 * 1024
MOST_BYTES = 25 * MEGABYTE
KEPT = ("name", "content_type", "size", "url", "id")


class Attachment(ValueType):
    """A file that comes with the message."""

    name = "attachment"
    rules_used = ("file_types",)
    of_files = True

    def read(self, text: str, around: Circumstances) -> Reading:
        if not around.files:
            sentence = "No file came with your message. If files cannot be sent here, nothing can be attached here."
            return Unfit(say(sentence))
        named = [file for file in around.files if file.get("name") == text.strip()]
        fitting = [file for file in around.files if not self._objection(file, around.person)]
        files = named[:1] or fitting or list(around.files[:1])
        if len(files) > 1:
            return Several(tuple((str(file.get("name")), str(file.get("name"))) for file in files[:5]))
        reason = self._objection(files[0], around.person)
        return Unfit(reason) if reason else Found({key: files[0][key] for key in KEPT if files[0].get(key) is not None})

    def said(self, value: Any, person: Person) -> str:
        return str(value.get("name") or say("a file"))

    def _objection(self, file: Mapping[str, Any], person: Person) -> str:
        name, size = str(file.get("name") or say("The file")), file.get("size")
        kind = str(file.get("content_type") or "")
        if not (file.get("url") or file.get("id")) or not isinstance(size, int) or size <= 0:
            return say("“{name}” did not arrive whole. Please send it again.", name=name)
        if size > MOST_BYTES:
            sentence = "“{name}” has {size} MB; 25 MB is the most. It was not taken; a smaller one may be."
            return say(sentence, name=name, size=figures.said(round(size / MEGABYTE, 1), person))
        if self.rules.file_types and not any(_is(kind, name, wanted) for wanted in self.rules.file_types):
            kinds = ", ".join(self.rules.file_types)
            return say("“{name}” is not of a kind that is wanted here ({kinds}).", name=name, kinds=kinds)
        return ""


def _is(kind: str, name: str, wanted: str) -> bool:
    """Whether a file is what is wanted: "image/*", "application/pdf" or ".csv"."""
    return name.casefold().endswith(wanted.casefold()) if wanted.startswith(".") else fnmatch(kind, wanted)
