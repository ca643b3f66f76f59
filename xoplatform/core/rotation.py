"""Re-encrypts everything stored under older keys with the first one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps

from .crypto import Secret, SecretUnreadable, reencrypt
from .fields import EncryptedTextField

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import Model

BATCH = 200


@dataclass
class Count:
    """Values re-encrypted, and values that no key can read (left as they are)."""

    done: int = 0
    unreadable: int = 0


def encrypted_fields() -> Iterator[tuple[type[Model], EncryptedTextField]]:
    """Every encrypted column of every installed model."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


def rotate(model: type[Model], field: EncryptedTextField, batch: int = BATCH) -> Count:
    """Re-encrypts one column in order of primary key. May be stopped and run again at any time."""
    count, last = Count(), None
    rows = model._base_manager.order_by("pk").only("pk", field.attname)  # noqa: SLF001 -- all rows, whatever the default manager hides
    while page := list((rows.filter(pk__gt=last) if last is not None else rows)[:batch]):
        for row in page:
            _rotate_one(row, field, count)
        last = page[-1].pk
    return count


def _rotate_one(row: Model, field: EncryptedTextField, count: Count) -> None:
    before: Secret = getattr(row, field.attname)
    if not before:
        return
    try:
        after = Secret(ciphertext=reencrypt(before.ciphertext))
    except SecretUnreadable:
        count.unreadable += 1
        return
    # Written only if nobody wrote a newer token in between: a refresh must never be undone.
    same = {f"{field.attname}__stored": before.ciphertext, "pk": row.pk}
    count.done += type(row)._base_manager.filter(**same).update(**{field.attname: after})  # noqa: SLF001
