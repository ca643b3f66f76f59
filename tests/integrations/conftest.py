from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.integrations.grants import Grants
from tests.loopback import plain, serving
from tests.sandbox import CLIENT_ID, CLIENT_SECRET, sandbox, sandbox_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.server import BaseHTTPRequestHandler

    from django.conf import LazySettings

    from tests.sandbox import Sandbox

__all__ = ["sandbox", "sandbox_process"]


@pytest.fixture
def atlassian(sandbox: Sandbox, settings: LazySettings) -> Sandbox:
    """The stand-in Atlassian, with the installation pointed at it."""
    settings.XO_BASE_URL = "http://127.0.0.1:8000"
    settings.XO_ATLASSIAN_AUTH_URL = settings.XO_ATLASSIAN_API_URL = sandbox.url
    settings.XO_JIRA_CLIENT_ID, settings.XO_JIRA_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
    return sandbox


@pytest.fixture
def grants(atlassian: Sandbox) -> Grants:
    """Authorizes actions as a person in a browser would."""
    return Grants(atlassian)


@pytest.fixture
def token_url(grants: Grants, settings: LazySettings) -> Iterator[str]:
    """A token endpoint that gives tokens which the stand-in takes."""
    settings.XO_ALLOW_PRIVATE_HOSTS = ["127.0.0.1"]
    real = grants.connect().access_token.reveal()

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.rfile.read(int(request.headers["Content-Length"]))
        plain(200, json.dumps({"access_token": real, "expires_in": 3600}).encode())(request)

    with serving(answer) as url:
        yield f"{url}/token"
