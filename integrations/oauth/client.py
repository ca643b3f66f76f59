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
from .extras import Extras, query_of, with_query, without_query

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xoplatform.core.crypto import Secret

# These write requests and tokens at debug level, whatever the log level of the installation.
for name in ("requests_oauthlib", "requests_oauthlib.oauth2_session", "oauthlib"):
    logging.getLogger(name).setLevel(logging.INFO)

# oauthlib knows only "https everywhere" or "anything goes". The shared adapter decides instead, host by host.
os.environ.setdefault("OAUTHLIB_INSECURE_TRANSPORT", "1")


Grant = Literal["authorization_code", "client_credentials", "password"]
#: Parameters of the authorization request that are ours to set (RFC 6749 section 4.1.1, RFC 7636 section 4.3).
OURS = frozenset(
    {"client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method"}
)


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
    #: How token requests are sent; RFC 6749 section 3.2 knows only POST.
    token_method: str = "POST"  # noqa: S105 -- a verb
    extras: Extras = field(default_factory=Extras)
    #: How the first token is got.
    grant: Grant = "authorization_code"

    def consent_url(self, state: str, code_challenge: str = "") -> str:
        """Where to send the browser (RFC 6749 section 4.1.1, RFC 7636 section 4.3).

        No parameter is sent twice: what stands in the address wins over `parameters`, and what is ours over both.
        """
        address = without_query(self.authorization_url, OURS)
        extra = {k: v for k, v in self.parameters.items() if k not in query_of(address)}
        if self.pkce and code_challenge:
            extra |= {"code_challenge": code_challenge, "code_challenge_method": "S256"}
        session = OAuth2Session(self.client_id, redirect_uri=self.redirect_uri, scope=list(self.scopes))
        url, _state = session.authorization_url(address, state=state, **extra)
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

    def client_credentials(self, *, timeout: float) -> Tokens:
        """A token for the App itself (RFC 6749 section 4.4). ``timeout`` in seconds. Raises TokenError."""
        return _TokenSession(self).ask({"grant_type": "client_credentials", **self._scope()}, timeout)

    def password(self, username: str, password: Secret, *, timeout: float) -> Tokens:
        """A token for a user name and password (RFC 6749 section 4.3). ``timeout`` in seconds. Raises TokenError."""
        body = {"grant_type": "password", "username": username, "password": password.reveal(), **self._scope()}
        return _TokenSession(self).ask(body, timeout)

    def _scope(self) -> dict[str, str]:
        return {"scope": " ".join(self.scopes)} if self.scopes else {}

    def probe(self, body: Mapping[str, str], *, timeout: float) -> requests.Response:
        """The bare answer of the token endpoint to this body, for tests of a configuration. Raises NoAnswer."""
        return _TokenSession(self).post_bare(body, timeout)


def _no_answer(error: http.NetworkError) -> NoAnswer:
    return NoAnswer(type(error).__name__, acted=not http.never_left(error))


class _TokenSession(OAuth2Session):
    """Sends token requests as the provider wants them, and reads the answers before oauthlib simplifies them.

    It is not closed after use: that would close the connections which the process shares.
    """

    def __init__(self, client: OAuthClient) -> None:
        # No scope: oauthlib would raise a warning as an error where a provider grants less than was asked.
        super().__init__(client.client_id, redirect_uri=client.redirect_uri)
        http.harden(self)
        self.max_redirects = 0
        self.client_of_ours = client
        self.as_json = client.token_body == "json"  # noqa: S105
        self.answer: Tokens | None = None
        self.register_compliance_hook("access_token_response", self._keep)
        self.register_compliance_hook("refresh_token_response", self._keep)

    def tokens(self, fetch: Any, url: str, **options: Any) -> Tokens:
        try:
            fetch(url, **options)
        except requests.RequestException as error:
            raise _no_answer(error) from None  # the request in the error's chain holds the secret
        if self.answer is None:  # pragma: no cover -- the hook either kept an answer or raised
            raise NoAnswer("no answer")
        return self.answer

    def ask(self, body: Mapping[str, str], timeout: float) -> Tokens:
        return read(self.post_bare(body, timeout))

    def post_bare(self, body: Mapping[str, str], timeout: float) -> requests.Response:
        ours = self.client_of_ours
        secret = ours.client_secret.reveal()
        identity = {"client_id": ours.client_id} if ours.client_id else {}
        identity |= {"client_secret": secret} if secret else {}
        headers = {"Accept": "application/json"}
        try:
            response: requests.Response = self.request(
                "POST", ours.token_url, data={**body, **identity}, headers=headers, timeout=timeout, withhold_token=True
            )
        except requests.RequestException as error:
            raise _no_answer(error) from None  # the request in the error's chain holds the secret
        return response

    def request(  # type: ignore[override]  # the stubs repeat the dozen options that are only passed on
        self, method: str, url: str, data: Any = None, headers: Any = None, **options: Any
    ) -> Any:
        ours, extras = self.client_of_ours, self.client_of_ours.extras
        url = with_query(url, extras.query)
        headers = {**(headers or {}), **extras.header}
        if isinstance(data, dict):
            data = {**extras.payload, **data}
        if ours.token_method == "GET" and isinstance(data, dict):  # noqa: S105 -- a verb
            url, data = with_query(url, data), None
        elif self.as_json and isinstance(data, dict):
            # The refresh hook cannot change the encoding of the body, so it is done here for both requests.
            options["json"], data = data, None
            headers |= {"Content-Type": "application/json"}
        return super().request(
            ours.token_method if method == "POST" else method,
            url,
            data=data,
            headers=headers,
            allow_redirects=False,
            **options,
        )

    def _keep(self, response: requests.Response) -> requests.Response:
        self.answer = read(response)
        return response
