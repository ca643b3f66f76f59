"""Bodies as the description says: a text is a text. Without this, DRF takes ``5`` for a text and ``"yes"`` for true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

#: What JSON must hold for each kind of field. The first that fits the field counts.
KINDS: Final[tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], tuple[type, ...], str], ...]] = (
    (serializers.BooleanField, (bool,), "Give true or false."),
    (serializers.IntegerField, (int,), "Give a whole number."),
    (serializers.FloatField, (int, float), "Give a number."),
    (serializers.CharField, (str,), "Give a text."),
    (serializers.UUIDField, (str,), "Give a UUID as a text."),
)


class StrictSerializer(serializers.Serializer[Any]):
    """A body whose texts, numbers and flags must be such. For query parameters use another: those are all texts."""

    def to_internal_value(self, data: Any) -> Any:
        given = data if isinstance(data, Mapping) else {}
        wrong = {
            str(field.field_name): [ErrorDetail(words, code="invalid")]
            for field in self._writable_fields
            if (words := _complaint(field, given.get(field.field_name)))
        }
        if wrong:
            raise ValidationError(wrong)
        return super().to_internal_value(data)


def _complaint(field: Any, value: Any) -> str:
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        return next((words for one in value if (words := _complaint(field.child, one))), "")
    if value is None:
        return ""
    for kind, types, words in KINDS:
        if isinstance(field, kind):
            is_flag = isinstance(value, bool) and bool not in types
            return words if is_flag or not isinstance(value, types) else ""
    return ""
