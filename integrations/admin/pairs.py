"""Rows of small inputs for lists such as ``{key, value}``, usable with and without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Column:
    """One input of a row; a choice where there are ``choices``."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = True


KEY, VALUE = Column("key", "Key"), Column("value", "Value")
PLACES = (("header", "Header"), ("payload", "Payload"), ("query", "Query string"), ("path", "Path parameter"))


class RowsWidget(forms.Widget):
    """One row per entry and one empty row more; a script adds further rows."""

    template_name = "integrations/admin/pairs_widget.html"

    def __init__(self, columns: Sequence[Column] = (KEY, VALUE)) -> None:
        super().__init__()
        self.columns = columns

    def format_value(self, value: Any) -> Any:
        return value

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        rows = [*(row for row in value or [] if isinstance(row, Mapping)), {}]
        context["widget"]["rows"] = [[(column, row.get(column.name, "")) for column in self.columns] for row in rows]
        return context

    def _render(self, template_name: str, context: dict[str, Any], _renderer: Any = None) -> SafeString:
        # Django's own renderer of forms knows only templates inside of apps.
        return render_to_string(template_name, context)

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> list[dict[str, str]]:
        names = [column.name for column in self.columns]
        lists = [data.getlist(f"{name}_{column}") for column in names]
        rows = [dict(zip(names, (text.strip() for text in row), strict=True)) for row in zip(*lists, strict=False)]
        typed = [column.name for column in self.columns if not column.choices]
        return [row for row in rows if any(row[column] for column in typed)]

    def value_omitted_from_data(self, data: Any, _files: Any, name: str) -> bool:
        return f"{name}_{self.columns[0].name}" not in data

    def id_for_label(self, _id: str) -> str:
        return ""  # each row has labels of its own


class RowsField(forms.Field):
    """A list of rows. A row with a gap is refused, naming what is missing and beside what."""

    def __init__(self, columns: Sequence[Column] = (KEY, VALUE), **options: Any) -> None:
        super().__init__(widget=RowsWidget(columns), **options)
        self.columns = columns

    def clean(self, value: Any) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = super().clean(value) or []
        for number, row in enumerate(rows, 1):
            for column in self.columns:
                if column.required and not row[column.name]:
                    other = next(row[c.name] for c in self.columns if row[c.name] and not c.choices)
                    missing = f"the {column.label.lower()} of “{other}” is missing."
                    raise ValidationError(f"{self.label}, row {number}: {missing}")
        return rows

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != (data or [])
