from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.errors import BadSignature
from dialogs.outside.signing import new_secret, signed, verify
from examples.agent_desk import signature

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SECRET = new_secret()


def test_it_is_what_the_specification_computes() -> None:
    """The example of the specification's own libraries."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    headers = signed(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", body, datetime.fromtimestamp(1614265330, UTC))
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary())
def test_what_was_signed_is_accepted(body: bytes) -> None:
    assert verify(SECRET, signed(SECRET, "d-1", body, NOW), body, NOW) == "d-1"


def test_the_example_desk_signs_alike() -> None:
    headers = signed(SECRET, "d-1", b"{}", NOW)
    assert signature(SECRET, "d-1", headers["webhook-timestamp"], b"{}") == headers["webhook-signature"]


def test_one_of_several_signatures_is_enough() -> None:
    headers = signed(SECRET, "d-1", b"{}", NOW)
    headers["webhook-signature"] = f"v1,AAAA {headers['webhook-signature']}"
    assert verify(SECRET, headers, b"{}", NOW) == "d-1"


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "d-2"},
        {"webhook-timestamp": str(int(NOW.timestamp()) + 1)},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-id": ""},
        {"webhook-id": "x" * 101},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "٣"},
    ],
)
def test_whatever_is_changed_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        verify(SECRET, signed(SECRET, "d-1", b"{}", NOW) | change, b"{}", NOW)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_delivery_is_refused_and_so_is_one_of_the_future(minutes: int) -> None:
    headers = signed(SECRET, "d-1", b"{}", NOW)
    with pytest.raises(BadSignature, match="five minutes"):
        verify(SECRET, headers, b"{}", NOW + timedelta(minutes=minutes))


def test_another_secret_is_refused() -> None:
    with pytest.raises(BadSignature):
        verify(new_secret(), signed(SECRET, "d-1", b"{}", NOW), b"{}", NOW)
