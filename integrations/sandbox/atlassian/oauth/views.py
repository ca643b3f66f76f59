"""The token endpoint."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from integrations.sandbox.atlassian.oauth.request import SandboxRequest
from integrations.sandbox.atlassian.wire.exchange import answer

blueprint = Blueprint("oauth", __name__)


@blueprint.post("/oauth/token")
def token() -> Response:
    """Exchanges a code or a refresh token; takes JSON and forms, the client's secret in the body."""
    server = current_app.extensions["sandbox_oauth"]
    refresh = SandboxRequest(request).payload.grant_type == "refresh_token"
    name = "token.refresh" if refresh else "token.exchange"
    return answer((name, "token"), server.create_token_response)
