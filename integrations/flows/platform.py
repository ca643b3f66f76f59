"""Asks a provider's platform about a grant: which sites, which account."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import requests

from integrations.catalog.base import Ask, Reply
from integrations.errors import ProviderUnavailable
from xoplatform.core import http

if TYPE_CHECKING:
    from integrations.catalog.base import Provider
    from integrations.models import Connection
    from xoplatform.core.crypto import Secret

#: Seconds for one question while a person waits for the page.
TIMEOUT = 10.0


class Bearer(requests.auth.AuthBase):
    """RFC 6750 section 2.1. Set last, so that nothing else can replace it."""

    def __init__(self, token: Secret) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token.reveal()}"
        return request


class ApiToken(requests.auth.AuthBase):
    """RFC 7617 section 2: e-mail and API token in place of user and password."""

    def __init__(self, login: str, token: Secret) -> None:
        self.login, self.token = login, token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        pair = b64encode(f"{self.login}:{self.token.reveal()}".encode()).decode()
        request.headers["Authorization"] = f"Basic {pair}"
        return request


def auth_of(connection: Connection, token: Secret) -> requests.auth.AuthBase:
    """How this connection's token goes into a request."""
    if connection.kind == connection.Kind.BASIC:
        return ApiToken(connection.login, token)
    return Bearer(token)


def reply_of(response: requests.Response) -> Reply:
    """The answer as providers read it: JSON where it is JSON, otherwise its text."""
    body: Any = None
    if response.content:
        try:
            body = response.json()
        except requests.JSONDecodeError:
            body = response.text
    return Reply(response.status_code, body, {name.lower(): value for name, value in response.headers.items()})


def asker(provider: Provider, token: Secret) -> Ask:
    """A function that gets paths of the platform with this token. It raises ProviderUnavailable."""

    def ask(path: str) -> Reply:
        url = f"{provider.manifest.api.platform.url()}{path}"
        try:
            response = http.session().get(url, auth=Bearer(token), timeout=TIMEOUT)
        except http.NetworkError as error:
            reason = "it did not answer in time" if isinstance(error, requests.Timeout) else "no connection"
            raise ProviderUnavailable(provider=provider.manifest.title, reason=reason) from None
        if response.status_code >= 500 or response.status_code == 429:  # noqa: PLR2004
            reason = f"it answered with status {response.status_code}"
            raise ProviderUnavailable(provider=provider.manifest.title, reason=reason)
        reply = reply_of(response)
        if response.ok and isinstance(reply.body, str):
            # A page of something in between says nothing about the account; a grant must not be kept without it.
            raise ProviderUnavailable(provider=provider.manifest.title, reason="its answer could not be read")
        return reply

    return ask
