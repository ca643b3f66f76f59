"""requests-oauthlib's own refresh: ``auto_refresh_url`` and ``token_updater`` ("Refreshing tokens", third way)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import BaseAdapter
from requests_oauthlib import OAuth2Session

from .peer_token import PeerToken, find, make_table
from .together import in_threads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from . import Grant

# The endpoint of the bench is plain http on the same machine.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
RESOURCE = "https://resource.invalid/"
CLIENT = {"client_id": "bench", "client_secret": "bench"}


class Nowhere(BaseAdapter):
    """Answers the request that only makes the session refresh, so that its journey is not measured."""

    def send(self, request: Any, *args: Any, **options: Any) -> requests.Response:
        answer = requests.Response()
        answer.status_code, answer.request, answer.url = 200, request, request.url
        answer._content = b""
        return answer

    def close(self) -> None:
        """Nothing is open."""


class RequestsOAuthlib:
    """A session for each caller, as each request of a web application makes one."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def prepare(self, grants: Sequence[Grant]) -> None:
        make_table(grants)

    def token(self, number: int) -> str:
        session = self._session(find(number))
        session.get(RESOURCE)
        return str(session.token["access_token"])

    def renew_due(self, numbers: Sequence[int], threads: int) -> list[str]:
        return in_threads(self._renew, numbers, threads)

    def stored(self, number: int) -> str:
        return find(number).refresh_token

    def _renew(self, number: int) -> None:
        row = find(number)
        row.keep(self._session(row).refresh_token(self._endpoint))

    def _session(self, row: PeerToken) -> OAuth2Session:
        session = OAuth2Session(
            "bench",
            token=row.to_token(),
            auto_refresh_url=self._endpoint,
            auto_refresh_kwargs=CLIENT,
            token_updater=row.keep,
        )
        session.mount(RESOURCE, Nowhere())
        return session
