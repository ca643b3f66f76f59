from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from xoplatform.core import keyring
from xoplatform.core.keyring import EncryptionKeyInvalid, Place, SecretUnreadable, new_key

if TYPE_CHECKING:
    from django.conf import LazySettings

HERE = Place("grants", "token", ("1", None))


def test_what_was_encrypted_can_be_read() -> None:
    stored = keyring.encrypt("a token", HERE)
    assert "a token" not in stored
    assert keyring.decrypt(stored, HERE) == "a token"


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("profiles", "token", ("1", None)),
        Place("grants", "secret", ("1", None)),
        Place("grants", "token", ("2", None)),
        Place("grants", "token", ("1", "None")),
        Place("grants", "token", ("1",)),
        Place("grants", 'token", "1', (None,)),
    ],
    ids=["table", "column", "row", "text instead of nothing", "shorter", "forged separators"],
)
def test_a_value_copied_to_another_place_cannot_be_read_there(elsewhere: Place) -> None:
    stored = keyring.encrypt("a token", HERE)
    with pytest.raises(SecretUnreadable):
        keyring.decrypt(stored, elsewhere)
    with pytest.raises(SecretUnreadable):
        keyring.renewed(stored, elsewhere)


def test_an_older_key_still_reads_after_a_new_one_is_put_in_front(settings: LazySettings) -> None:
    old = new_key()
    settings.XO_ENCRYPTION_KEYS = [old]
    stored = keyring.encrypt("a token", HERE)
    settings.XO_ENCRYPTION_KEYS = [new_key(), old]
    assert keyring.decrypt(stored, HERE) == "a token"


def test_a_renewed_value_needs_the_first_key_alone(settings: LazySettings) -> None:
    old, new = new_key(), new_key()
    settings.XO_ENCRYPTION_KEYS = [old]
    stored = keyring.encrypt("a token", HERE)
    settings.XO_ENCRYPTION_KEYS = [new, old]
    renewed = keyring.renewed(stored, HERE)
    settings.XO_ENCRYPTION_KEYS = [new]
    assert keyring.decrypt(renewed, HERE) == "a token"
    assert keyring.renewed(renewed, HERE) == renewed


def test_a_lost_key_is_named_as_such(settings: LazySettings) -> None:
    stored = keyring.encrypt("a token", HERE)
    settings.XO_ENCRYPTION_KEYS = [new_key()]
    with pytest.raises(SecretUnreadable, match="XO_ENCRYPTION_KEYS"):
        keyring.decrypt(stored, HERE)


def test_something_that_is_not_a_key_is_refused(settings: LazySettings) -> None:
    settings.XO_ENCRYPTION_KEYS = ["not a key"]
    with pytest.raises(EncryptionKeyInvalid):
        keyring.encrypt("a token", HERE)


def test_a_fresh_checkout_works_without_keys(settings: LazySettings) -> None:
    settings.XO_ENCRYPTION_KEYS = []
    assert keyring.decrypt(keyring.encrypt("a token", HERE), HERE) == "a token"


def test_a_fingerprint_tells_keys_apart_and_holds_nothing_of_them() -> None:
    one, other = new_key(), new_key()
    assert keyring.fingerprint(one) == keyring.fingerprint(one) != keyring.fingerprint(other)
    assert not any(part in one for part in (keyring.fingerprint(one), keyring.fingerprint(one)[:6]))
