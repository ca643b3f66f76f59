"""A token endpoint in memory, for tests that take a renewal apart: what it gave, what it was shown, what got lost."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import requests

from integrations.oauth import Tokens
from xoplatform.core.crypto import Secret

if TYPE_CHECKING:
    from integrations.models import Connection

#: What may become of one request. Those of `ACTED` change the provider's state although no tokens come back.
WAYS = ("answered", "answer lost", "answer cut", "html", "never arrived", "500", "429", "no refresh token", "late")
ACTED = ("answer lost", "answer cut", "html")


@dataclass
class Line:
    """The tokens of one consent. ``current`` was given last; in *strict* a second use of an older one ends the line."""

    person: str
    current: str
    ended: str = ""
    #: What each access token came with.
    pairs: dict[str, str] = field(default_factory=dict)
    #: Under *strict*: an exchange was carried out whose answer nobody got, or could still store.
    excuse: str = ""


class ProviderModel:
    """Issues pairs of tokens. Nothing is forgotten, and no time passes."""

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict
        self._numbers = count(1)
        self.lines: list[Line] = []
        self.of_refresh: dict[str, Line] = {}
        self.of_access: dict[str, Line] = {}
        self.shown: list[str] = []
        self.waiting: list[str] = []

    def consent(self, person: str) -> Tokens:
        """The first pair of a new line."""
        line = Line(person, "")
        self.lines.append(line)
        return _tokens(self._issue(line))

    def request(self, refresh_token: str, way: str) -> requests.Response:
        """What comes of one request at the token endpoint. Raises what `requests` raises."""
        self.shown.append(refresh_token)
        if way == "never arrived":
            raise requests.ConnectionError("cut before anything happened")
        if way == "late":
            self.waiting.append(refresh_token)
            raise requests.ReadTimeout("no answer within the deadline")
        if way in ("500", "429"):
            return _response(int(way), "<h1>later</h1>")
        answer = self.exchange(refresh_token, with_refresh_token=way != "no refresh token")
        if way in ACTED:
            self.of_refresh[refresh_token].excuse = way
        if way in ("answer lost", "answer cut"):
            raise requests.ConnectionError("cut before the whole answer was here")
        if way == "html":
            return _response(200, "<h1>Just a moment</h1>")
        return _response(403 if "error" in answer else 200, json.dumps(answer))

    def late_one_acts(self) -> None:
        """A request that nobody waits for any more is carried out."""
        refresh_token = self.waiting.pop(0)
        self.exchange(refresh_token)
        self.of_refresh[refresh_token].excuse = "late"

    def exchange(self, refresh_token: str, *, with_refresh_token: bool = True) -> dict[str, Any]:
        line = self.of_refresh[refresh_token]
        if self.strict and refresh_token != line.current:
            line.ended = line.ended or "a superseded refresh token was used again"
        if line.ended:
            return {"error": "unauthorized_client", "error_description": "refresh_token is invalid"}
        return self._issue(line, keep=None if with_refresh_token else refresh_token)

    def accepts(self, refresh_token: str) -> bool:
        line = self.of_refresh[refresh_token]
        return not line.ended and (not self.strict or refresh_token == line.current)

    def line_of(self, row: Connection) -> Line:
        """The line of a stored pair. Fails where the two tokens are not of one answer."""
        access, refresh = row.access_token.reveal(), row.refresh_token.reveal()
        line = self.of_access[access]
        assert line is self.of_refresh[refresh], "the two tokens are of two grants"
        assert line.pairs[access] == refresh, "the two tokens did not come together"
        return line

    def _issue(self, line: Line, keep: str | None = None) -> dict[str, Any]:
        number = next(self._numbers)
        access, refresh = f"access-{number}", keep or f"refresh-{number}"
        line.pairs[access] = refresh
        line.current = refresh
        self.of_access[access] = self.of_refresh[refresh] = line
        answer = {"access_token": access, "refresh_token": refresh, "expires_in": 3600, "scope": "read offline_access"}
        return {name: value for name, value in answer.items() if name != "refresh_token" or keep is None}


def _tokens(answer: dict[str, Any]) -> Tokens:
    return Tokens(Secret(answer["access_token"]), Secret(answer["refresh_token"]), 3600, ("read", "offline_access"))


def _response(status: int, body: str) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response._content = body.encode()
    return response
