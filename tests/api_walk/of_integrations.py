"""One of each of what integrations have in the API."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from integrations.flows import audit
from integrations.models import Action, AuthorizationLink, LinkBatch, OperationCall
from tests.factories import ActionFactory, ConnectionFactory, EndUserFactory, ProfileFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from .scene import Scene


def action(scene: Scene) -> Action:
    """The App's only one, with a connection of the App's own."""
    known = Action.objects.filter(app=scene.app).first()
    return known or ConnectionFactory(action=ActionFactory(app=scene.app, enabled=True)).action


def action_of(scene: Scene) -> str:
    return str(action(scene).provider)


def profile(scene: Scene) -> Any:
    return ProfileFactory(app=scene.app).pk


def connection(scene: Scene) -> Any:
    return ConnectionFactory(action=action(scene), end_user=EndUserFactory(app=scene.app)).pk


def link(scene: Scene) -> Any:
    return AuthorizationLink.objects.create(
        action=action(scene),
        end_user=EndUserFactory(app=scene.app),
        token_hash=f"{scene.app.pk}-{scene.number}",
        expires_at=timezone.now() + timedelta(days=1),
    ).pk


def batch(scene: Scene) -> Any:
    return LinkBatch.objects.create(action=action(scene)).pk


def call(scene: Scene) -> Any:
    return OperationCall.objects.create(app=scene.app, provider="jira", operation="getIssue").pk


def entry(scene: Scene) -> Any:
    return audit.note(scene.app, audit.Verb.ENABLED, provider="jira").pk


MAKERS: dict[str, Callable[[Scene], Any]] = {
    "actions/{provider}": action_of,
    "authorization-profiles/{profile_id}": profile,
    "connections/{connection_id}": connection,
    "authorization-links/{link_id}": link,
    "link-batches/{batch_id}": batch,
    "providers/{provider}": lambda _scene: "jira",
    "operations/{operation}": lambda _scene: "getIssue",
    "operation-calls/{call_id}": call,
}
LOOKED_AT_FIRST: dict[str, Any] = {
    "authorize_with_api_token": {
        "site_url": "https://acme.example.net",
        "email": "ada@example.com",
        "token": "example",
        "edition": "developer",
    },
    "change_connection": {"site_id": "site-acme"},
    "change_own_connection": {"site_id": "site-acme"},
}
SHARED = {"actions/{provider}", "providers/{provider}", "operations/{operation}"}
ROWS: dict[str, Callable[[Scene], Any]] = {"list_audit": entry}
FIXED = {"list_actions", "list_providers", "list_operations"}
