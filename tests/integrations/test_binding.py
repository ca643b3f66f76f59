"""What was stored before values were bound to their rows is bound by the migration."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.db import connection

from integrations.migrations import _binding
from integrations.models import AuthorizationProfile, Connection
from tests.factories import ConnectionFactory, EndUserFactory, ProfileFactory
from xoplatform.core import keyring
from xoplatform.core.crypto import SecretUnreadable

if TYPE_CHECKING:
    from django.db.models import Model

pytestmark = pytest.mark.django_db


def store_as_before(model: type[Model], column: str, text: str, key: str = "") -> None:
    """Encrypted with the key itself, which any row could read."""
    stored = Fernet(key or keyring.keys()[0]).encrypt(text.encode()).decode()
    with connection.cursor() as cursor:
        cursor.execute(f"update {model._meta.db_table} set {column} = %s", [stored])


@pytest.fixture
def row() -> Connection:
    row: Connection = ConnectionFactory(end_user=EndUserFactory(), refresh_token="")
    ProfileFactory()
    store_as_before(Connection, "access_token", "hidden-token")
    store_as_before(AuthorizationProfile, "client_secret", "hidden-secret")
    return row


class Editor:
    """What the migration asks of a schema editor; a real one of SQLite's cannot be had inside a test's transaction."""

    connection = connection


def migrate() -> None:
    _binding.bind(apps, Editor)


def test_nothing_but_the_migration_reads_what_is_not_bound(row: Connection) -> None:
    with pytest.raises(SecretUnreadable):
        Connection.objects.get().access_token.reveal()


def test_it_binds_every_secret_to_its_row(row: Connection) -> None:
    migrate()
    assert Connection.objects.get().access_token.reveal() == "hidden-token"
    assert not Connection.objects.get().refresh_token
    assert AuthorizationProfile.objects.get().client_secret.reveal() == "hidden-secret"


def test_run_again_it_changes_nothing(row: Connection) -> None:
    migrate()
    before = Connection.objects.get().access_token.ciphertext
    migrate()
    assert Connection.objects.get().access_token.ciphertext == before


def test_what_no_key_reads_is_left_and_counted(row: Connection, caplog: pytest.LogCaptureFixture) -> None:
    store_as_before(Connection, "access_token", "hidden-token", keyring.new_key())
    before = Connection.objects.get().access_token.ciphertext
    with caplog.at_level(logging.WARNING):
        migrate()
    assert Connection.objects.get().access_token.ciphertext == before
    assert "access_token: 1 secrets cannot be read" in caplog.text
    assert "hidden" not in caplog.text
    assert AuthorizationProfile.objects.get().client_secret.reveal() == "hidden-secret"


def test_the_way_back_leaves_what_the_version_before_reads(row: Connection) -> None:
    migrate()
    _binding.unbind(apps, Editor)
    stored = Connection.objects.get().access_token.ciphertext
    assert Fernet(keyring.keys()[0]).decrypt(stored.encode()) == b"hidden-token"


def test_each_profile_gets_a_seal_of_its_own() -> None:
    ProfileFactory.create_batch(2)
    _binding.give_seals(apps, Editor)
    assert AuthorizationProfile.objects.values("seal").distinct().count() == 2
