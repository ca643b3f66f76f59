"""Rows of small inputs for lists of ``{key, value}``, usable with and without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from django.utils.safestring import SafeString


class PairsWidget(forms.Widget):
    """One row per pair and one empty row more; a script adds further rows."""

    template_name = "integrations/admin/pairs_widget.html"

    def format_value(self, value: Any) -> Any:
        return value

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        rows = [row for row in value or [] if isinstance(row, Mapping)]
        context["widget"]["rows"] = [*rows, {"key": "", "value": ""}]
        return context

    def _render(self, template_name: str, context: dict[str, Any], _renderer: Any = None) -> SafeString:
        # Django's own renderer of forms knows only templates inside of apps.
        return render_to_string(template_name, context)

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> list[dict[str, str]]:
        keys, values = data.getlist(f"{name}_key"), data.getlist(f"{name}_value")
        rows = [{"key": k.strip(), "value": v.strip()} for k, v in zip(keys, values, strict=False)]
        return [row for row in rows if row["key"] or row["value"]]

    def value_omitted_from_data(self, data: Any, _files: Any, name: str) -> bool:
        return f"{name}_key" not in data

    def id_for_label(self, _id: str) -> str:
        return ""  # each row has labels of its own


class PairsField(forms.Field):
    """A list of ``{key, value}``. A row with only one half is refused, naming the half that is missing."""

    widget = PairsWidget

    def clean(self, value: Any) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = super().clean(value) or []
        for number, row in enumerate(rows, 1):
            if not row["key"]:
                raise ValidationError(f"{self.label}, row {number}: the key of “{row['value']}” is missing.")
            if not row["value"]:
                raise ValidationError(f"{self.label}, row {number}: the value of “{row['key']}” is missing.")
        return rows

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or []) != (data or [])
