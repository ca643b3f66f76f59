from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING

import pytest

from xoplatform.core import crypto
from xoplatform.core.crypto import EncryptionKeyInvalid, Secret, SecretUnreadable

if TYPE_CHECKING:
    from django.conf import LazySettings


def test_what_was_encrypted_can_be_read() -> None:
    stored = crypto.encrypt("a token")
    assert "a token" not in stored
    assert crypto.decrypt(stored) == "a token"


def test_an_older_key_still_reads_after_a_new_one_is_put_in_front(settings: LazySettings) -> None:
    old = crypto.new_key()
    settings.XO_ENCRYPTION_KEYS = [old]
    stored = crypto.encrypt("a token")
    settings.XO_ENCRYPTION_KEYS = [crypto.new_key(), old]
    assert crypto.decrypt(stored) == "a token"


def test_a_lost_key_is_named_as_such(settings: LazySettings) -> None:
    stored = crypto.encrypt("a token")
    settings.XO_ENCRYPTION_KEYS = [crypto.new_key()]
    with pytest.raises(SecretUnreadable, match="XO_ENCRYPTION_KEYS"):
        crypto.decrypt(stored)


def test_something_that_is_not_a_key_is_refused(settings: LazySettings) -> None:
    settings.XO_ENCRYPTION_KEYS = ["not a key"]
    with pytest.raises(EncryptionKeyInvalid):
        crypto.encrypt("a token")


def test_a_fresh_checkout_works_without_keys(settings: LazySettings) -> None:
    settings.XO_ENCRYPTION_KEYS = []
    assert crypto.decrypt(crypto.encrypt("a token")) == "a token"


def test_a_secret_shows_itself_only_when_asked() -> None:
    secret = Secret("a token")
    assert "a token" not in f"{secret} {secret!r} {[secret]}"
    assert secret.reveal() == "a token"


def test_a_secret_is_not_sent_anywhere() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("a token"))


def test_a_secret_survives_a_copy_of_what_holds_it() -> None:
    secret = Secret("a token")
    assert copy.deepcopy({"x": secret})["x"].reveal() == "a token"


def test_an_empty_secret_is_false_and_stores_nothing() -> None:
    assert not Secret("")
    assert Secret("").ciphertext == ""
    assert Secret().reveal() == ""
