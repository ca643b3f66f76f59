"""A text column whose values are encrypted at rest, bound to their row, and hidden everywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core import checks
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import signals
from django.db.models.lookups import Exact
from django.db.models.query_utils import DeferredAttribute

from .crypto import Sealed, Secret, SecretUnsealed
from .errors import PlatformError
from .keyring import Place

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    TextField = models.TextField[Any, Secret]
else:
    TextField = models.TextField


class SecretLeftBehind(PlatformError):
    """A row was about to get another identity without its secret, which could not be read there. Nothing was written.
    A programmer can save the encrypted columns in the same `save()`."""

    code = "secret_left_behind"
    status = 500


class SecretAttribute(DeferredAttribute):
    """Turns whatever is assigned into a `Secret`, so no plain text stays on the instance."""

    field: EncryptedTextField

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        secret = super().__get__(instance, cls)
        if instance is not None and secret.ciphertext and secret.place is None:
            secret = self.field.bind(instance, secret)
        return secret

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = Secret.of(value)


class EncryptedTextField(TextField):
    """Holds a `Secret`. The column has no plain text; lookups, exports and forms do not see the value.

    ``bound_to`` names the columns that tell a row from all others, by default the primary key. They must be known
    before the row is inserted. A row whose identity changes must be saved together with its secrets; `update()` of
    an identifying column makes them unreadable, so don't.

    A form field left empty keeps what is stored: a secret can be replaced but not read back.
    """

    descriptor_class = SecretAttribute
    non_db_attrs = (*models.Field.non_db_attrs, "bound_to")

    def __init__(self, *args: Any, bound_to: Sequence[str] = (), **options: Any) -> None:
        self.bound_to = tuple(bound_to)
        super().__init__(*args, **{"blank": True, "default": "", **options})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "bound_to": self.bound_to} if self.bound_to else options

    def contribute_to_class(self, cls: type[models.Model], name: str, *args: Any, **options: Any) -> None:
        super().contribute_to_class(cls, name, *args, **options)
        if not cls._meta.abstract:
            signals.post_init.connect(self._note_place, sender=cls)
            signals.pre_save.connect(self._refuse_loss, sender=cls)

    @property
    def identity(self) -> list[models.Field[Any, Any]]:
        """The columns to which values are bound."""
        meta: Any = self.model._meta
        return [meta.get_field(name) for name in self.bound_to] or [meta.pk]

    def place_of(self, instance: models.Model) -> Place:
        """The cell of this column in the row of ``instance``, as the instance has it now."""
        if missing := [field.attname for field in self.identity if field.attname not in instance.__dict__]:
            instance.refresh_from_db(fields=missing)
        return self.place([instance.__dict__[field.attname] for field in self.identity])

    def place(self, identity: Sequence[Any]) -> Place:
        """The cell of this column in the row with these values of `identity`. Raises SecretUnsealed without them."""
        clean = [field.to_python(value) for field, value in zip(self.identity, identity, strict=True)]
        if all(value is None for value in clean):
            raise SecretUnsealed
        row = tuple(None if value is None else str(value) for value in clean)
        return Place(self.model._meta.db_table, str(self.column), row)

    def bind(self, instance: models.Model, secret: Secret) -> Secret:
        """What was just loaded, now knowing its row."""
        bound = Secret(ciphertext=secret.ciphertext, place=self.place_of(instance))
        instance.__dict__[self.attname] = bound
        return bound

    def _note_place(self, instance: models.Model, **_: Any) -> None:
        # At once: an identity that somebody assigns later is not the one under which the value was stored.
        secret = instance.__dict__.get(self.attname)
        if (
            secret is not None
            and secret.ciphertext
            and secret.place is None
            and all(field.attname in instance.__dict__ for field in self.identity)
        ):
            self.bind(instance, secret)

    def _refuse_loss(
        self, instance: models.Model, update_fields: Collection[str] | None = None, *, raw: bool = False, **_: Any
    ) -> None:
        """Another identity without the secret: raises SecretLeftBehind."""
        if raw or update_fields is None or self.name in update_fields or instance._state.adding:  # noqa: SLF001
            return
        if not any({field.name, field.attname} & set(update_fields) for field in self.identity):
            return
        secret: Secret = getattr(instance, self.attname)
        if secret and secret.place != self.place_of(instance):
            raise SecretLeftBehind

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed:
        secret: Secret = getattr(model_instance, self.attname)
        if not secret:
            return Sealed("")
        place = self.place_of(model_instance)
        sealed_secret = secret.sealed_for(place)
        model_instance.__dict__[self.attname] = Secret(ciphertext=sealed_secret.ciphertext, place=place)
        return sealed_secret

    def from_db_value(self, value: str | None, *_: Any) -> Secret:
        return Secret(ciphertext=value or "")

    def to_python(self, value: Any) -> Secret:
        return Secret.of(value)

    def get_prep_value(self, value: Any) -> str:
        """Raises SecretUnsealed for what is not bound to a row; an empty value needs none."""
        if isinstance(value, Sealed):
            return value.ciphertext
        if value:
            raise SecretUnsealed
        return ""

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

    def check(self, **options: Any) -> list[checks.CheckMessage]:
        return [*super().check(**options), *self._check_identity()]

    def _check_identity(self) -> list[checks.CheckMessage]:
        try:
            late = any(isinstance(field, models.AutoField) for field in self.identity)
        except FieldDoesNotExist as error:
            return [checks.Error(f"bound_to: {error}", obj=self, id="xoplatform.E010")]
        if not late:
            return []
        hint = "Name columns in bound_to that tell a row from all others and are known before it is inserted."
        return [checks.Error("It is bound to a number that the database gives.", hint, self, "xoplatform.E011")]


@EncryptedTextField.register_lookup
class Stored(Exact):  # type: ignore[type-arg]
    """``field__stored=ciphertext``: whether the column still holds exactly this ciphertext."""

    lookup_name = "stored"
    prepare_rhs = False

    def get_rhs_op(self, _connection: Any, rhs: str) -> str:
        return f"= {rhs}"


def sealed(instance: models.Model, **secrets: Secret | str) -> dict[str, Sealed]:
    """These columns' new values for an UPDATE of this row: encrypted so that they can be read in no other row."""
    found: dict[str, Sealed] = {}
    for name, value in secrets.items():
        field: Any = instance._meta.get_field(name)
        found[name] = Secret.of(value).sealed_for(field.place_of(instance))
    return found
