"""The audit as CSV (RFC 4180), a line at a time."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

from xoplatform.logs import redact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from integrations.models import AuditEntry

HEADINGS = ("Time", "App", "Who", "What", "On", "For", "Provider", "Connection", "Details")
#: Spreadsheets take what begins with one of these for a formula; the last four are the wide forms.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
CHUNK = 2000


class _Line:
    """What `csv.writer` writes into: it hands every line on."""

    def write(self, line: str) -> str:
        return line


def lines_of(entries: QuerySet[AuditEntry]) -> Iterator[str]:
    """One line for the headings and one per entry; memory stays flat, however many there are."""
    writer: Any = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(HEADINGS)  # the mark makes spreadsheets read UTF-8
    for entry in entries.select_related("app", "end_user").iterator(chunk_size=CHUNK):
        yield writer.writerow([harmless(cell) for cell in _cells(entry)])


def _cells(entry: AuditEntry) -> list[str]:
    return [
        entry.at.isoformat(timespec="seconds"),
        entry.app.name,
        entry.who,
        entry.get_verb_display(),
        entry.object,
        entry.for_whom,
        entry.provider,
        str(entry.connection_id or ""),
        json.dumps(redact(entry.details), ensure_ascii=False) if entry.details else "",
    ]


def harmless(cell: str) -> str:
    """The cell as text: names that people give themselves must not run as formulas."""
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell
