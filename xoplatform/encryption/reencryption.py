"""One page of one encrypted column under the first key.

A value is written only if the column still holds what was read, so a token that was renewed meanwhile is never
overwritten with its predecessor; and every value can be read at any time, under the one key or the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connections, router

from xoplatform.core.fields import EncryptedTextField
from xoplatform.core.keyring import SecretUnreadable, renewed

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Values of a page; what is held of them in memory, and for how long their rows are locked (some 20 ms).
SIZE = 500


@dataclass
class Page:
    """``last`` is the primary key up to which was read, None at the end of the column; ``writes`` holds what is to be
    written: new value, primary key, value read."""

    last: Any = None
    writes: list[tuple[str, Any, str]] = field(default_factory=list)
    unreadable: int = 0


def encrypted_fields() -> Iterator[EncryptedTextField]:
    """Every encrypted column of every installed model."""
    for model in apps.get_models():
        for one in model._meta.local_concrete_fields:
            if isinstance(one, EncryptedTextField):
                yield one


def read(column: EncryptedTextField, after: str, size: int = SIZE) -> Page:
    """The page that follows the row ``after`` (empty: the first one), its values encrypted anew but not written."""
    rows = column.model._base_manager.order_by("pk")  # noqa: SLF001 -- all rows, whatever the default manager hides
    if after:
        rows = rows.filter(pk__gt=after)
    page = Page()
    for pk, secret, *identity in rows.values_list("pk", column.attname, *(f.attname for f in column.identity))[:size]:
        page.last = pk
        before = secret.ciphertext
        try:
            new = renewed(before, column.place(identity)) if before else before
        except SecretUnreadable:
            page.unreadable += 1
            continue
        if new != before:
            page.writes.append((new, pk, before))
    return page


def write(column: EncryptedTextField, page: Page) -> int:
    """How many values were written. In one round trip, in order of primary key, so that two writers never deadlock."""
    if not page.writes:
        return 0
    meta = column.model._meta
    connection = connections[router.db_for_write(column.model)]
    name, table, pk = (connection.ops.quote_name(str(x)) for x in (column.column, meta.db_table, meta.pk.column))
    rows = [(new, meta.pk.get_db_prep_value(key, connection), old) for new, key, old in page.writes]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {name} = %s WHERE {pk} = %s AND {name} = %s", rows)  # noqa: S608 -- names of columns only
        return int(cursor.rowcount)
