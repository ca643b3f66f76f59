from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from integrations.models import AuthorizationAttempt, AuthorizationProfile, Connection
from tests.factories import ConnectionFactory, ProfileFactory
from xoplatform.core import rotation
from xoplatform.core.crypto import SecretUnreadable, new_key
from xoplatform.core.fields import EncryptedTextField

if TYPE_CHECKING:
    from django.conf import LazySettings

pytestmark = pytest.mark.django_db


def rotate() -> str:
    out = StringIO()
    call_command("rotate_encryption", stdout=out)
    return out.getvalue()


def test_after_rotation_the_old_key_can_be_dropped(settings: LazySettings) -> None:
    old, new = new_key(), new_key()
    settings.XO_ENCRYPTION_KEYS = [old]
    rows = ConnectionFactory.create_batch(3)
    profile = ProfileFactory()
    settings.XO_ENCRYPTION_KEYS = [new, old]
    assert "Connection.access_token: 3 re-encrypted" in rotate()
    settings.XO_ENCRYPTION_KEYS = [new]
    for row in rows:
        assert Connection.objects.get(pk=row.pk).refresh_token.reveal() == row.refresh_token.reveal()
    assert AuthorizationProfile.objects.get(pk=profile.pk).client_secret.reveal() == "hidden-client-secret"


def test_rotation_works_in_batches() -> None:
    ConnectionFactory.create_batch(5)
    field = Connection._meta.get_field("access_token")
    assert isinstance(field, EncryptedTextField)
    assert rotation.rotate(Connection, field, batch=2).done == 5


def test_rotation_finds_every_encrypted_field() -> None:
    found = {(model, field.name) for model, field in rotation.encrypted_fields()}
    assert found >= {
        (Connection, "access_token"),
        (Connection, "refresh_token"),
        (AuthorizationProfile, "client_secret"),
        (AuthorizationAttempt, "verifier"),
    }


def test_what_no_key_reads_is_left_alone_and_reported(settings: LazySettings) -> None:
    row = ConnectionFactory()
    before = row.access_token.ciphertext
    settings.XO_ENCRYPTION_KEYS = [new_key()]
    with pytest.raises(CommandError, match="2 secrets cannot be read"):
        rotate()
    stored = Connection.objects.get(pk=row.pk).access_token
    assert stored.ciphertext == before
    with pytest.raises(SecretUnreadable):
        stored.reveal()


def test_rotation_never_overwrites_a_newer_token() -> None:
    stale = ConnectionFactory(access_token="older")
    Connection.objects.filter(pk=stale.pk).update(access_token="newer")
    field = Connection._meta.get_field("access_token")
    assert isinstance(field, EncryptedTextField)
    count = rotation.Count()
    rotation._rotate_one(stale, field, count)
    assert count.done == 0
    assert Connection.objects.get(pk=stale.pk).access_token.reveal() == "newer"


def test_a_new_key_is_printed() -> None:
    out = StringIO()
    call_command("newkey", stdout=out)
    assert len(out.getvalue().strip()) == 44
