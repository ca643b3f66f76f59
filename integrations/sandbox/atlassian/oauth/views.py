"""The token endpoint."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from integrations.sandbox.atlassian.wire.exchange import answer

blueprint = Blueprint("oauth", __name__)


@blueprint.post("/oauth/token")
def token() -> Response:
    """Exchanges a code or a refresh token; takes JSON and forms, the client's secret in the body."""
    server = current_app.extensions["sandbox_oauth"]
    body = request.get_json(silent=True) if request.is_json else request.form
    kind = body.get("grant_type") if hasattr(body, "get") else None
    name = "token.refresh" if kind == "refresh_token" else "token.exchange"
    return answer((name, "token"), server.create_token_response)
