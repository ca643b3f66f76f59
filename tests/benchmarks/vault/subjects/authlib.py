"""Authlib's own refresh: OAuth2Session with ``token_endpoint`` and ``update_token`` ("OAuth 2 Session", "Auto Update
Token")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from authlib.integrations.requests_client import OAuth2Session

from .peer_token import PeerToken, find, make_table
from .together import in_threads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from . import Grant


class Authlib:
    """A session for each caller, as each request of a web application makes one."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint

    def prepare(self, grants: Sequence[Grant]) -> None:
        make_table(grants)

    def token(self, number: int) -> str:
        session = self._session(find(number))
        # What every request of the session does first; the request itself is not what is measured.
        session.ensure_active_token()
        return str(session.token["access_token"])

    def renew_due(self, numbers: Sequence[int], threads: int) -> list[str]:
        return in_threads(lambda number: self._session(find(number)).refresh_token(), numbers, threads)

    def stored(self, number: int) -> str:
        return find(number).refresh_token

    def _session(self, row: PeerToken) -> Any:
        def update_token(token: dict[str, Any], refresh_token: str | None = None, access_token: str = "") -> None:
            row.keep(token)

        return OAuth2Session(
            "bench",
            "bench",
            token_endpoint_auth_method="client_secret_post",
            token_endpoint=self._endpoint,
            token=row.to_token(),
            update_token=update_token,
        )
