"""Exchanging codes and refresh tokens, and the words of every refusal."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from tests.integrations.sandbox.visitor import APP, Visitor, credentials

BAD_REFRESH = {"error": "unauthorized_client", "error_description": "refresh_token is invalid"}
BAD_CODE = {"error": "invalid_request", "error_description": "authorization_code is invalid"}
TEN_MINUTES = 600
DAY = 86_400


def switch(visitor: Visitor, **values: Any) -> None:
    visitor.control("switches", **values)


def test_a_code_becomes_a_pair_of_tokens(visitor: Visitor) -> None:
    tokens = visitor.tokens()
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 3600
    assert "offline_access" in tokens["scope"].split()
    assert tokens["access_token"].count(".") == 2
    assert tokens["refresh_token"]


def test_it_takes_forms_as_well_as_json(visitor: Visitor) -> None:
    body = credentials(grant_type="authorization_code", code=visitor.code(), redirect_uri=APP.callback_url)
    answer = visitor.http.post("/oauth/token", data=body)
    assert answer.status_code == 200
    refreshed = visitor.http.post(
        "/oauth/token",
        data=credentials(grant_type="refresh_token", refresh_token=answer.get_json()["refresh_token"]),
    )
    assert refreshed.status_code == 200


def test_there_is_no_refresh_token_without_offline_access(visitor: Visitor) -> None:
    assert "refresh_token" not in visitor.tokens(scope="read:jira-work")


def test_a_code_works_once(visitor: Visitor) -> None:
    code = visitor.code()
    assert visitor.exchange(code).status_code == 200
    again = visitor.exchange(code)
    assert (again.status_code, again.get_json()) == (400, BAD_CODE)


def test_a_code_dies_after_ten_minutes(visitor: Visitor) -> None:
    code = visitor.code()
    visitor.control("clock", advance=TEN_MINUTES + 1)
    assert visitor.exchange(code).get_json() == BAD_CODE


def test_a_code_needs_its_own_callback_and_client(visitor: Visitor) -> None:
    visitor.control("clients", client_id="other", client_secret="s", callback_url=APP.callback_url)
    code = visitor.code()
    assert visitor.exchange(code, redirect_uri="http://127.0.0.1/elsewhere").get_json() == BAD_CODE
    assert visitor.exchange(code, client_id="other", client_secret="s").get_json() == BAD_CODE


def test_the_older_words_for_a_bad_code_can_be_chosen(visitor: Visitor) -> None:
    switch(visitor, code_error="invalid_grant")
    answer = visitor.exchange("nonsense")
    assert answer.status_code == 403
    assert answer.get_json() == {"error": "invalid_grant", "error_description": "Invalid authorization code"}


@pytest.mark.parametrize("wrong", [{"client_secret": "wrong"}, {"client_id": "nobody"}, {"client_secret": ""}])
def test_a_wrong_secret_is_access_denied(visitor: Visitor, wrong: dict[str, str]) -> None:
    answer = visitor.exchange(visitor.code(), **wrong)
    assert answer.status_code == 401
    assert answer.get_json() == {"error": "access_denied", "error_description": "Unauthorized"}


def test_credentials_in_a_basic_header_are_not_taken(visitor: Visitor) -> None:
    body = {"grant_type": "authorization_code", "code": visitor.code(), "redirect_uri": APP.callback_url}
    answer = visitor.http.post("/oauth/token", json=body, auth=(APP.client_id, APP.client_secret))
    assert answer.status_code == 401


def test_a_refresh_gives_a_new_pair(visitor: Visitor) -> None:
    first = visitor.tokens()
    second = visitor.refresh(first["refresh_token"]).get_json()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]


def test_a_superseded_token_works_within_ten_minutes(visitor: Visitor) -> None:
    first = visitor.tokens()
    visitor.refresh(first["refresh_token"])
    visitor.control("clock", advance=TEN_MINUTES - 10)
    assert visitor.refresh(first["refresh_token"]).status_code == 200


def test_the_leeway_counts_from_the_first_exchange(visitor: Visitor) -> None:
    first = visitor.tokens()
    for _ in range(2):
        assert visitor.refresh(first["refresh_token"]).status_code == 200
        visitor.control("clock", advance=TEN_MINUTES - 10)
    refused = visitor.refresh(first["refresh_token"])
    assert (refused.status_code, refused.get_json()) == (403, BAD_REFRESH)


def test_the_family_survives_a_late_second_use_unless_told_otherwise(visitor: Visitor) -> None:
    first = visitor.tokens()
    second = visitor.refresh(first["refresh_token"]).get_json()
    visitor.control("clock", advance=TEN_MINUTES + 1)
    visitor.refresh(first["refresh_token"])
    assert visitor.refresh(second["refresh_token"]).status_code == 200


def test_the_strict_profile_revokes_the_family_on_a_second_use(visitor: Visitor) -> None:
    switch(visitor, profile="strict")
    first = visitor.tokens()
    second = visitor.refresh(first["refresh_token"]).get_json()
    assert visitor.refresh(first["refresh_token"]).get_json() == BAD_REFRESH
    assert visitor.refresh(second["refresh_token"]).get_json() == BAD_REFRESH
    visitor.access_token = second["access_token"]
    assert visitor.api("/me").status_code == 401


def test_ninety_idle_days_end_a_refresh_token_and_each_refresh_begins_them_anew(visitor: Visitor) -> None:
    token = visitor.tokens()
    for _ in range(3):
        visitor.control("clock", advance=80 * DAY)
        token = visitor.refresh(token["refresh_token"]).get_json()
    visitor.control("clock", advance=91 * DAY)
    assert visitor.refresh(token["refresh_token"]).get_json() == BAD_REFRESH


def test_an_absolute_limit_can_be_switched_on(visitor: Visitor) -> None:
    switch(visitor, absolute_seconds=365 * DAY)
    token = visitor.tokens()
    for _ in range(4):
        visitor.control("clock", advance=89 * DAY)
        token = visitor.refresh(token["refresh_token"]).get_json()
    visitor.control("clock", advance=10 * DAY)
    assert visitor.refresh(token["refresh_token"]).status_code == 403


def test_a_revoked_grant_refuses_with_either_wording(visitor: Visitor) -> None:
    token = visitor.tokens()
    visitor.control("grants/revoke", person="ada", reason="password changed")
    assert visitor.refresh(token["refresh_token"]).get_json() == BAD_REFRESH
    switch(visitor, refresh_error="invalid_grant")
    assert (
        visitor.refresh(token["refresh_token"]).get_json()["error_description"] == "Unknown or invalid refresh token."
    )


def test_a_new_consent_after_revocation_works_again(visitor: Visitor) -> None:
    visitor.tokens()
    visitor.control("grants/revoke", person="ada")
    assert visitor.refresh(visitor.tokens()["refresh_token"]).status_code == 200


def test_the_token_of_one_app_is_nothing_to_another(visitor: Visitor) -> None:
    visitor.control("clients", client_id="other", client_secret="s", callback_url="http://127.0.0.1/x")
    token = visitor.tokens()
    assert visitor.refresh(token["refresh_token"], client_id="other", client_secret="s").status_code == 403


def test_old_access_tokens_live_on_unless_switched(visitor: Visitor) -> None:
    first = visitor.tokens()
    visitor.access_token = first["access_token"]
    second = visitor.refresh(first["refresh_token"]).get_json()
    assert visitor.api("/me").status_code == 200
    switch(visitor, old_access_dies_on_refresh=True)
    visitor.refresh(second["refresh_token"])
    assert visitor.api("/me").status_code == 401


def test_pkce_is_accepted_and_ignored(visitor: Visitor) -> None:
    code = visitor.code(code_challenge="x" * 43, code_challenge_method="S256")
    assert visitor.exchange(code).status_code == 200


def test_pkce_is_verified_when_switched_on(visitor: Visitor) -> None:
    switch(visitor, verify_pkce=True)
    verifier = "v" * 50
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    pkce = {"code_challenge": challenge, "code_challenge_method": "S256"}
    assert visitor.exchange(visitor.code(**pkce), code_verifier="w" * 50).get_json() == BAD_CODE
    assert visitor.exchange(visitor.code(**pkce), code_verifier=verifier).status_code == 200


def test_it_counts_exchanges_by_family(visitor: Visitor) -> None:
    token = visitor.tokens()
    visitor.refresh(token["refresh_token"])
    visitor.control("clock", advance=TEN_MINUTES + 1)
    visitor.refresh(token["refresh_token"])
    counts = visitor.http.get("/_sandbox/counts").get_json()
    assert counts["families"][visitor.family_of(token)] == {"codes": 1, "refreshes": 1, "refused": 1}
    assert counts["requests"]["token.refresh"] == 2


def test_no_token_is_kept_or_shown(visitor: Visitor) -> None:
    token = visitor.tokens()
    shown = visitor.http.get("/_sandbox/grants").text
    kept = str([vars(each) for each in visitor.world.refresh_tokens.all()])
    for secret in (token["access_token"], token["refresh_token"]):
        assert secret not in shown
        assert secret not in kept
