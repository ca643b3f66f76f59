"""Which keys stored secrets may need, and that a lost one is named instead of being run into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.sql import emit_post_migrate_signal

from integrations.models import Connection
from tests.factories import ConnectionFactory
from xoplatform.core import keyring
from xoplatform.core.keyring import fingerprint, new_key
from xoplatform.encryption import keys
from xoplatform.encryption.reencryption import encrypted_fields
from xoplatform.health import EncryptionKeys, StoredSecrets, run_checks, run_duties
from xoplatform.models import EncryptionKey

if TYPE_CHECKING:
    from django.conf import LazySettings
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(settings: LazySettings) -> str:
    """The only key, noted and in use."""
    EncryptionKey.objects.all().delete()
    key = new_key()
    settings.XO_ENCRYPTION_KEYS = [key]
    keys.note()
    return key


def trouble(check: Any) -> str:
    found = {one.name: one.error for one in [*run_checks(), *run_duties()]}
    return found[check.__name__] or ""


def test_the_keys_of_an_installation_are_noted_from_the_first_day() -> None:
    EncryptionKey.objects.all().delete()
    emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
    assert [key.fingerprint for key in EncryptionKey.objects.all()] == keyring.fingerprints()


def test_a_lost_key_is_named_by_its_fingerprint(old: str, settings: LazySettings) -> None:
    assert not trouble(EncryptionKeys)
    settings.XO_ENCRYPTION_KEYS = [new_key()]
    said = trouble(EncryptionKeys)
    assert f"fingerprint {fingerprint(old)}; put it back at the end of the list" in said
    assert old not in said


def test_a_key_that_was_put_back_mends_it(old: str, settings: LazySettings) -> None:
    settings.XO_ENCRYPTION_KEYS = [new_key(), old]
    assert not trouble(EncryptionKeys)


def test_a_lost_key_can_be_given_up(old: str, settings: LazySettings) -> None:
    settings.XO_ENCRYPTION_KEYS = [new_key()]
    call_command("rotate_encryption", give_up=fingerprint(old))
    assert not trouble(EncryptionKeys)


def test_a_key_that_is_here_is_not_given_up(old: str) -> None:
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("rotate_encryption", give_up=fingerprint(old))


def test_a_retired_key_in_front_again_is_needed_again(old: str, settings: LazySettings) -> None:
    settings.XO_ENCRYPTION_KEYS = [new_key(), old]
    keys.note()
    assert keys.retire(unread=0) == [fingerprint(old)]
    settings.XO_ENCRYPTION_KEYS = [old]
    keys.note()
    assert EncryptionKey.objects.get(fingerprint=fingerprint(old)).retired_at is None


def test_the_key_that_came_to_the_front_last_leads(old: str, settings: LazySettings) -> None:
    new = new_key()
    settings.XO_ENCRYPTION_KEYS = [old, new]
    keys.note()
    assert keys.leads()  # the new one only waits at the end
    settings.XO_ENCRYPTION_KEYS = [new, old]
    keys.note()
    assert keys.leads()
    settings.XO_ENCRYPTION_KEYS = [old, new]  # a process that was not restarted yet
    keys.note()
    assert not keys.leads()


def test_a_value_under_an_unknown_key_is_warned_of(old: str, settings: LazySettings) -> None:
    ConnectionFactory.create_batch(3)
    assert not trouble(StoredSecrets)
    settings.XO_ENCRYPTION_KEYS = [new_key()]
    newest = ConnectionFactory()
    assert "integrations.Connection.access_token" in trouble(StoredSecrets)
    Connection.objects.exclude(pk=newest.pk).delete()
    assert not trouble(StoredSecrets)


def test_checking_costs_the_same_however_many_secrets_there_are(
    old: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ConnectionFactory.create_batch(30)
    with django_assert_num_queries(1 + 2 * len(list(encrypted_fields()))):
        EncryptionKeys().run()
        StoredSecrets().run()
