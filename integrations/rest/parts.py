"""What several resources of integrations share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from xoplatform.models import EndUser
from xoplatform.rest.errors import NotHere

if TYPE_CHECKING:
    from xoplatform.models import App

#: Characters of a provider's name.
LONGEST_PROVIDER: Final = 60
#: The largest number that names a row.
LARGEST_ID: Final = 10**18 - 1


class IdField(serializers.IntegerField):
    """A row's number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **options)


class ProviderField(serializers.SlugField):
    """A provider's name."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "The provider's name, such as `jira`.")
        super().__init__(max_length=LONGEST_PROVIDER, **options)


@extend_schema_field({})
class AnyJson(serializers.JSONField):
    """Any JSON value. Null is one of them, and not the lack of one."""

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return (True, None) if data is None else super().validate_empty_values(data)


class SecretField(serializers.CharField):
    """Taken, used or stored encrypted, and never given back."""

    def __init__(self, **options: Any) -> None:
        super().__init__(write_only=True, trim_whitespace=False, style={"input_type": "password"}, **options)


def end_user_of(app: App, end_user_id: int) -> EndUser:
    """One of the App's people. Raises NotHere."""
    found = EndUser.objects.filter(app=app, pk=end_user_id).first()
    if found is None:
        raise NotHere(what="end user")
    return found
