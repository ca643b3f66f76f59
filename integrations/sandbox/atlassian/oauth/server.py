"""Authlib's authorization server with Atlassian's grants, token form and refusals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from flask import Flask, Response, g, request

from integrations.sandbox.atlassian.state.world import world

from . import tokens
from .client import RegisteredClient
from .code_grant import CodeGrant, OptionalCodeChallenge
from .errors import refusal
from .refresh_grant import RotatingRefreshGrant
from .request import SandboxRequest

if TYPE_CHECKING:
    from authlib.oauth2 import OAuth2Error

    from integrations.sandbox.atlassian.state.records import Family

JSON_HEADERS = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]


class SandboxServer(AuthorizationServer):  # type: ignore[misc] # Authlib ships no types
    """Takes JSON and forms, and words its refusals as Atlassian does."""

    def create_oauth2_request(self, _request: Any) -> SandboxRequest:
        return SandboxRequest(request)

    def handle_error_response(self, request: SandboxRequest, error: OAuth2Error) -> Response:
        if request.payload.grant_type and not error.redirect_uri:
            atlassian = refusal(error, request.payload.grant_type, world().switches)
            if atlassian:
                status, body = atlassian
                return Response(json.dumps(body), status=status, headers=JSON_HEADERS)
        response: Response = super().handle_error_response(request, error)
        return response


def build_server(app: Flask) -> SandboxServer:
    """The server, registered with the app under the extension name `sandbox_oauth`."""
    server = SandboxServer(app, query_client=_query_client, save_token=_save_token)
    server.register_token_generator("default", _generate)
    server.register_grant(CodeGrant, [OptionalCodeChallenge(required=False)])
    server.register_grant(RotatingRefreshGrant)
    app.extensions["sandbox_oauth"] = server
    return server


def _query_client(client_id: str) -> RegisteredClient | None:
    record = world().clients.get(client_id)
    return RegisteredClient(record) if record else None


def _save_token(_token: dict[str, Any], _request: SandboxRequest) -> None:
    """Tokens are kept where they are made: only there is the family known."""


def _generate(*, user: Family, **_options: Any) -> dict[str, Any]:
    return tokens.issue(world(), user, with_refresh_token=not g.get("without_refresh_token"))
