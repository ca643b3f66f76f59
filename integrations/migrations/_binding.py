"""Binds stored secrets to their rows: until 0002 they were encrypted with the keys themselves, readable anywhere.

Only the migration reads the old form. What it cannot read it leaves, and the log says how many.
"""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.db.models import Q

from xoplatform.core import keyring
from xoplatform.core.fields import EncryptedTextField

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

BATCH = 500


def give_seals(apps: Any, schema_editor: Any) -> None:
    """Each profile one of its own; the column's default gave all of them the same."""
    profiles = apps.get_model("integrations", "AuthorizationProfile")
    for pk in list(profiles.objects.values_list("pk", flat=True)):
        profiles.objects.filter(pk=pk).update(seal=uuid.uuid4())


def bind(apps: Any, schema_editor: Any) -> None:
    """Re-encrypts every value for its place. Run again, it leaves what is bound already."""
    ring = MultiFernet([Fernet(key) for key in keyring.keys()])

    def bound(stored: str, place: keyring.Place) -> str:
        try:
            text = ring.decrypt(stored.encode())
        except InvalidToken:
            keyring.decrypt(stored, place)
            return stored
        return keyring.encrypt(text.decode(), place)

    _rewrite(apps, schema_editor, bound)


def unbind(apps: Any, schema_editor: Any) -> None:
    """The way back, for the version that knew no places."""
    ring = MultiFernet([Fernet(key) for key in keyring.keys()])
    _rewrite(apps, schema_editor, lambda stored, place: ring.encrypt(keyring.decrypt(stored, place).encode()).decode())


def _rewrite(apps: Any, schema_editor: Any, rewritten: Callable[[str, keyring.Place], str]) -> None:
    for model in apps.get_app_config("integrations").get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField):
                _rewrite_column(model, field, schema_editor.connection, rewritten)


def _rewrite_column(
    model: Any, field: EncryptedTextField, connection: Any, rewritten: Callable[[str, keyring.Place], str]
) -> None:
    quote, pk = connection.ops.quote_name, model._meta.pk
    sql = (
        f"UPDATE {quote(model._meta.db_table)} SET {quote(field.column)} = %s "
        f"WHERE {quote(pk.column)} = %s AND {quote(field.column)} = %s"
    )
    rows = model._base_manager.using(connection.alias).exclude(Q(**{f"{field.name}__stored": ""})).order_by("pk")
    columns = ["pk", field.attname, *(one.attname for one in field.identity)]
    unreadable, last = 0, None
    while page := list((rows.filter(pk__gt=last) if last is not None else rows).values_list(*columns)[:BATCH]):
        writes = []
        for number, secret, *identity in page:
            try:
                new = rewritten(secret.ciphertext, field.place(identity))
            except keyring.SecretUnreadable:
                unreadable += 1
                continue
            if new != secret.ciphertext:
                writes.append((new, pk.get_db_prep_value(number, connection), secret.ciphertext))
        with connection.cursor() as cursor:
            cursor.executemany(sql, writes)
        last = page[-1][0]
    if unreadable:
        log.warning("%s: %d secrets cannot be read with any key and were left as they are.", field, unreadable)
