"""A text column whose values are encrypted at rest and hidden everywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.db.models.lookups import Exact
from django.db.models.query_utils import DeferredAttribute

from .crypto import Secret

if TYPE_CHECKING:
    TextField = models.TextField[Any, Secret]
else:
    TextField = models.TextField


class SecretAttribute(DeferredAttribute):
    """Turns whatever is assigned into a `Secret`, so no plain text stays on the instance."""

    field: models.Field[Any, Any]

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = Secret.of(value)


class EncryptedTextField(TextField):
    """Holds a `Secret`. The column has no plain text; lookups, exports and forms do not see the value.

    A form field left empty keeps what is stored: a secret can be replaced but not read back.
    """

    descriptor_class = SecretAttribute

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"blank": True, "default": "", **options})

    def from_db_value(self, value: str | None, *_: Any) -> Secret:
        return Secret(ciphertext=value or "")

    def to_python(self, value: Any) -> Secret:
        return Secret.of(value)

    def get_prep_value(self, value: Any) -> str:
        return Secret.of(value).ciphertext

    def value_to_string(self, _obj: models.Model) -> str:
        return ""

    def formfield(self, **options: Any) -> Any:  # type: ignore[override]  # the stub wants the base's long signature
        return super().formfield(**{"widget": forms.PasswordInput(render_value=False), "strip": True, **options})

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        if data:
            super().save_form_data(instance, data)

    def get_lookup(self, lookup_name: str) -> Any:
        # The same text encrypts differently every time, so a comparison would quietly find nothing.
        if lookup_name not in ("isnull", "stored"):
            return None
        return super().get_lookup(lookup_name)


@EncryptedTextField.register_lookup
class Stored(Exact):  # type: ignore[type-arg]
    """``field__stored=ciphertext``: whether the column still holds exactly this ciphertext."""

    lookup_name = "stored"
    prepare_rhs = False

    def get_rhs_op(self, _connection: Any, rhs: str) -> str:
        return f"= {rhs}"
