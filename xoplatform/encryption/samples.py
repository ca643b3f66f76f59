"""A look at a few stored secrets: the second net under the register of keys, for what it does not know of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xoplatform.core.keyring import SecretUnreadable, decrypt

from .reencryption import encrypted_fields

if TYPE_CHECKING:
    from xoplatform.core.fields import EncryptedTextField

#: Rows at either end of a table among which a value is looked for; a fixed number, however long the table.
REACH = 10


def unreadable_columns() -> list[str]:
    """Columns whose oldest or newest value cannot be read with the keys in force. Two short queries for each."""
    return [str(column) for column in encrypted_fields() if not (_reads(column, "pk") and _reads(column, "-pk"))]


def _reads(column: EncryptedTextField, order: str) -> bool:
    rows = column.model._base_manager.order_by(order)  # noqa: SLF001 -- all rows, whatever the default manager hides
    for secret, *identity in rows.values_list(column.attname, *(one.attname for one in column.identity))[:REACH]:
        if secret:
            try:
                decrypt(secret.ciphertext, column.place(identity))
            except SecretUnreadable:
                return False
            return True
    return True
