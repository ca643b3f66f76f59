"""What the stand-in tells of the tokens it gave out, and that asking changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from integrations.sandbox.atlassian.wire.connection import ConnectionCutError
from tests.integrations.sandbox.visitor import ACME, APP, GLOBEX, Visitor

if TYPE_CHECKING:
    from collections.abc import Callable


def about(visitor: Visitor, refresh_token: str) -> dict[str, Any]:
    found: dict[str, Any] = visitor.control("refresh-tokens", token=refresh_token)
    return found


def test_a_fresh_token_is_current_and_would_be_accepted(visitor: Visitor) -> None:
    known = about(visitor, visitor.tokens("ben", ["globex"])["refresh_token"])
    assert (known["current"], known["accepted"], known["revoked"]) == (True, True, "")
    person = visitor.world.person("ben")
    assert person is not None
    assert known["account_id"] == person.account_id


def test_a_token_that_was_never_given_is_not_known(visitor: Visitor) -> None:
    assert about(visitor, "made up")["known"] is False
    assert visitor.control("access-tokens", token="made up")["known"] is False


def test_a_superseded_token_is_accepted_for_ten_minutes(visitor: Visitor) -> None:
    token = visitor.tokens()["refresh_token"]
    visitor.refresh(token)
    visitor.control("clock", advance=599)
    known = about(visitor, token)
    assert (known["current"], known["accepted"]) == (False, True)
    assert known["superseded_since"] == pytest.approx(599, abs=1)
    visitor.control("clock", advance=2)
    assert about(visitor, token)["accepted"] is False


def test_asking_about_a_superseded_token_does_not_use_it(visitor: Visitor) -> None:
    visitor.control("switches", profile="strict")
    token = visitor.tokens()["refresh_token"]
    newer = visitor.refresh(token).get_json()["refresh_token"]
    assert about(visitor, token)["accepted"] is False
    assert about(visitor, newer)["accepted"] is True
    visitor.refresh(token)
    assert "used again" in about(visitor, newer)["trouble"]


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (lambda v: v.control("grants/revoke", person="ada", reason="tired of it"), "tired of it"),
        (lambda v: v.control("clock", advance=91 * 86_400), "not used for too long"),
    ],
)
def test_it_says_why_a_token_is_dead(visitor: Visitor, end: Callable[[Visitor], None], words: str) -> None:
    token = visitor.tokens()["refresh_token"]
    end(visitor)
    known = about(visitor, token)
    assert known["accepted"] is False
    assert words in known["trouble"]
    assert visitor.refresh(token).status_code == 403


def test_an_access_token_tells_whose_it_is_and_how_long_it_lives(visitor: Visitor) -> None:
    token = visitor.tokens()["access_token"]
    known = visitor.control("access-tokens", token=token)
    assert known["family"] == visitor.family_of({"access_token": token})
    assert known["lives"] == pytest.approx(3600, abs=2)


def test_exchanges_are_told_even_if_their_answer_was_lost(visitor: Visitor) -> None:
    token = visitor.tokens()["refresh_token"]
    visitor.fault("cut_after", "token")
    with pytest.raises(ConnectionCutError):
        visitor.refresh(token)
    visitor.fault("error", "token")
    visitor.refresh(token)
    visitor.control("clock", advance=601)
    visitor.refresh(token)
    carried_out, refused = visitor.http.get("/_sandbox/exchanges").get_json()
    assert carried_out["presented"] == refused["presented"] == about(visitor, token)["digest"]
    digests = {each["digest"] for each in visitor.http.get("/_sandbox/refresh-tokens").get_json()}
    assert carried_out["given"] in digests
    assert (refused["given"], refused["trouble"]) == ("", about(visitor, token)["trouble"])


def test_every_kind_of_secret_that_was_issued_is_listed_until_a_reset(visitor: Visitor) -> None:
    code = visitor.code()
    tokens = visitor.exchange(code).get_json()
    api_token = visitor.control("api-tokens", person="ada")["token"]
    page = visitor.http.post("/site/acme/tokens", data={"person": "ada", "days": "3"}).text
    visitor.control("clients", client_id="other", client_secret="other secret", callback_url="http://127.0.0.1:9/")
    issued = {(each["kind"], each["value"]) for each in visitor.http.get("/_sandbox/issued").get_json()}
    assert issued >= {
        ("code", code),
        ("access_token", tokens["access_token"]),
        ("refresh_token", tokens["refresh_token"]),
        ("api_token", api_token),
        ("client_secret", "other secret"),
        ("client_secret", APP.client_secret),
    }
    assert sum(kind == "api_token" and value in page for kind, value in issued) == 1
    visitor.control("reset")
    assert [each["kind"] for each in visitor.http.get("/_sandbox/issued").get_json()] == ["client_secret"]


def test_secrets_are_shown_to_this_machine_only(visitor: Visitor) -> None:
    stranger = {"REMOTE_ADDR": "192.0.2.1"}
    assert visitor.http.get("/_sandbox/issued", environ_base=stranger).status_code == 403
    assert visitor.http.post("/_sandbox/refresh-tokens", json={}, environ_base=stranger).status_code == 403


@pytest.mark.parametrize(
    ("fault", "details", "status"),
    [
        ("error", {"status": 502}, 502),
        ("rate_limited", {"retry_after": 7}, 429),
        ("unavailable", {"retry_after": 7}, 503),
        ("not_json", {}, 200),
    ],
)
def test_the_token_endpoint_can_fail_in_every_way(
    visitor: Visitor, fault: str, details: dict[str, Any], status: int
) -> None:
    token = visitor.tokens()["refresh_token"]
    visitor.fault(fault, "token", **details)
    answer = visitor.refresh(token)
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == (str(details["retry_after"]) if "retry_after" in details else None)
    acted = fault == "not_json"
    assert about(visitor, token)["current"] is not acted


def test_a_grant_can_be_had_without_the_pages(visitor: Visitor) -> None:
    tokens = visitor.control("grants", person="ben", sites=["acme", "globex"])
    assert about(visitor, tokens["refresh_token"])["sites"] == [ACME, GLOBEX]
    assert visitor.refresh(tokens["refresh_token"]).status_code == 200
    visitor.access_token = tokens["access_token"]
    assert visitor.jira("GET", "myself").get_json()["displayName"] == "Ben Brook"
