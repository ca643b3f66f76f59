"""The OAuth 2.0 authorization-code client: requests-oauthlib over the platform's one way out."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import requests
from requests_oauthlib import OAuth2Session

from xoplatform.core import http

from .answers import NoAnswer, Tokens, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xoplatform.core.crypto import Secret

# These write requests and tokens at debug level, whatever the log level of the installation.
for name in ("requests_oauthlib", "requests_oauthlib.oauth2_session", "oauthlib"):
    logging.getLogger(name).setLevel(logging.INFO)

# oauthlib knows only "https everywhere" or "anything goes". The shared adapter decides instead, host by host.
os.environ.setdefault("OAUTHLIB_INSECURE_TRANSPORT", "1")


@dataclass(frozen=True)
class OAuthClient:
    """Our registration at a provider, and where to go with it. Name the provider's quirks, never the provider."""

    client_id: str
    client_secret: Secret
    authorization_url: str
    token_url: str
    refresh_url: str
    redirect_uri: str
    scopes: tuple[str, ...]
    parameters: Mapping[str, str] = field(default_factory=dict)
    token_body: Literal["json", "form"] = "form"  # noqa: S105 -- an encoding
    pkce: bool = True

    def consent_url(self, state: str, code_challenge: str = "") -> str:
        """Where to send the browser (RFC 6749 section 4.1.1, RFC 7636 section 4.3)."""
        extra = dict(self.parameters)
        if self.pkce and code_challenge:
            extra |= {"code_challenge": code_challenge, "code_challenge_method": "S256"}
        session = OAuth2Session(self.client_id, redirect_uri=self.redirect_uri, scope=list(self.scopes))
        url, _state = session.authorization_url(self.authorization_url, state=state, **extra)
        # A literal plus sign is already %2B, so each one left is a space of the scope list.
        return str(url).replace("+", "%20")

    def exchange(self, code: str, verifier: str = "", *, timeout: float) -> Tokens:
        """Tokens for an authorization code (RFC 6749 section 4.1.3). ``timeout`` in seconds. Raises TokenError."""
        extra = {"code_verifier": verifier} if self.pkce and verifier else {}
        session = _TokenSession(self)
        return session.tokens(
            session.fetch_token,
            self.token_url,
            code=code,
            client_secret=self.client_secret.reveal(),
            include_client_id=True,
            timeout=timeout,
            **extra,
        )

    def refresh(self, refresh_token: Secret, *, timeout: float) -> Tokens:
        """Tokens for a refresh token (RFC 6749 section 6). ``timeout`` in seconds. Raises TokenError."""
        session = _TokenSession(self)
        return session.tokens(
            session.refresh_token,
            self.refresh_url,
            refresh_token=refresh_token.reveal(),
            client_id=self.client_id,
            client_secret=self.client_secret.reveal(),
            timeout=timeout,
        )


class _TokenSession(OAuth2Session):
    """Sends token requests as the provider wants them, and reads the answers before oauthlib simplifies them.

    It is not closed after use: that would close the connections which the process shares.
    """

    def __init__(self, client: OAuthClient) -> None:
        # No scope: oauthlib would raise a warning as an error where a provider grants less than was asked.
        super().__init__(client.client_id, redirect_uri=client.redirect_uri)
        http.harden(self)
        self.max_redirects = 0
        self.as_json = client.token_body == "json"  # noqa: S105
        self.answer: Tokens | None = None
        self.register_compliance_hook("access_token_response", self._keep)
        self.register_compliance_hook("refresh_token_response", self._keep)

    def tokens(self, fetch: Any, url: str, **options: Any) -> Tokens:
        try:
            fetch(url, **options)
        except requests.RequestException as error:
            raise NoAnswer(type(error).__name__) from None  # the request in the error's chain holds the secret
        if self.answer is None:  # pragma: no cover -- the hook either kept an answer or raised
            raise NoAnswer("no answer")
        return self.answer

    def request(  # type: ignore[override]  # the stubs repeat the dozen options that are only passed on
        self, method: str, url: str, data: Any = None, headers: Any = None, **options: Any
    ) -> Any:
        if self.as_json and isinstance(data, dict):
            # The refresh hook cannot change the encoding of the body, so it is done here for both requests.
            options["json"], data = data, None
            headers = {**(headers or {}), "Content-Type": "application/json"}
        return super().request(method, url, data=data, headers=headers, allow_redirects=False, **options)

    def _keep(self, response: requests.Response) -> requests.Response:
        self.answer = read(response)
        return response
