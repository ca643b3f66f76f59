from __future__ import annotations

from typing import Any

from integrations.oauth import pkce
from integrations.oauth.state import browser_of, digest, new_state


def test_states_are_long_and_never_the_same() -> None:
    assert len({new_state() for _ in range(100)}) == 100
    assert len(new_state()) >= 43


def test_a_browser_keeps_its_value_and_shows_only_a_digest() -> None:
    session: dict[str, Any] = {}
    first = browser_of(session)
    assert browser_of(session) == first
    assert first not in session.values()
    assert browser_of({}) != first


def test_a_challenge_is_the_one_of_the_rfc() -> None:
    # RFC 7636 appendix B
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert pkce.challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_verifier_has_the_length_that_the_rfc_allows() -> None:
    assert 43 <= len(pkce.new_verifier()) <= 128


def test_a_digest_is_stable() -> None:
    assert digest("x") == digest("x") != digest("y")
