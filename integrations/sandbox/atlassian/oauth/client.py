"""A registered app, in the shape in which Authlib asks about it."""

from __future__ import annotations

import hmac

from authlib.oauth2.rfc6749 import ClientMixin

from integrations.sandbox.atlassian.state.records import Client, digest


class RegisteredClient(ClientMixin):  # type: ignore[misc] # Authlib ships no types
    """One callback URL, compared byte by byte; the secret comes in the body of the request."""

    def __init__(self, record: Client) -> None:
        self.record = record

    def get_client_id(self) -> str:
        return self.record.client_id

    def get_default_redirect_uri(self) -> str | None:
        return None

    def get_allowed_scope(self, scope: str | None) -> str:
        """The requested scopes without those that were never added to the app. None is refused for it."""
        allowed = self.record.scopes
        asked = list(dict.fromkeys((scope or "").split()))
        return " ".join(each for each in asked if allowed is None or each in allowed)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.record.callback_url

    def check_client_secret(self, client_secret: str) -> bool:
        return hmac.compare_digest(digest(client_secret), self.record.secret_digest)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_post"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in ("authorization_code", "refresh_token")
