from __future__ import annotations

import copy
import pickle

import pytest

from xoplatform.core import keyring
from xoplatform.core.crypto import Sealed, Secret, SecretWithoutRow
from xoplatform.core.keyring import Place

HERE = Place("grants", "token", ("1",))


def stored(text: str) -> Secret:
    return Secret(ciphertext=keyring.encrypt(text, HERE), place=HERE)


def test_a_secret_shows_itself_only_when_asked() -> None:
    for secret in (Secret("a token"), stored("a token")):
        assert "a token" not in f"{secret} {secret!r} {[secret]}"
        assert secret.reveal() == "a token"


def test_a_stored_secret_keeps_no_plain_text_after_it_was_read() -> None:
    secret = stored("a token")
    secret.reveal()
    assert "a token" not in [getattr(secret, slot) for slot in Secret.__slots__]


def test_a_secret_without_its_row_says_how_to_read_it() -> None:
    with pytest.raises(SecretWithoutRow, match="attribute of its model instance"):
        Secret(ciphertext=stored("a token").ciphertext).reveal()


def test_a_secret_is_not_sent_anywhere() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("a token"))


def test_a_secret_survives_a_copy_of_what_holds_it() -> None:
    secret = Secret("a token")
    assert copy.deepcopy({"x": secret})["x"].reveal() == "a token"


def test_an_empty_secret_is_false_and_stores_nothing() -> None:
    assert not Secret("")
    assert Secret("").sealed_for(HERE) == Sealed("")
    assert Secret().reveal() == ""


def test_secrets_are_equal_when_their_texts_are() -> None:
    assert Secret("a token") == stored("a token") != stored("another")


def test_a_sealed_value_hides_itself_too() -> None:
    value = Secret("a token").sealed_for(HERE)
    assert value.ciphertext not in f"{value} {value!r} {[value]}"
