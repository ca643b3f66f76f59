"""A client of the REST API for tests, and what an answer must look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.test import APIClient

from xoplatform import api_keys
from xoplatform.models import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xoplatform.models import App

ALL = (Scope.CHAT, Scope.PEOPLE, Scope.CONFIGURATION)
ROOT = "/api/v1"


def client_with(value: str) -> APIClient:
    """A program that sends this bearer value."""
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {value}")
    client.default_format = "json"
    return client


def client_of(app: App, scopes: Iterable[str] = ALL, name: str = "tests", **fields: Any) -> APIClient:
    """A program with a new key of this App."""
    _key, value = api_keys.create(app, name, scopes, **fields)
    return client_with(value)


def secret_of(value: str) -> str:
    """What of a key is secret: all behind its prefix. It may hold underscores itself."""
    return value.split("_", 2)[2]


def base(app: App) -> str:
    """Where everything of an App begins."""
    return f"{ROOT}/apps/{app.slug}"


def assert_problem(response: Any, status: int, code: str, pointer: str | None = None) -> dict[str, Any]:
    """The answer is problem details with this status and code, and names the field at fault if one is given."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["code"] == code, body
    assert body["request_id"] == response.headers["X-Request-ID"]
    if pointer is not None:
        assert pointer in [fault["pointer"] for fault in body["errors"]], body
    return body
