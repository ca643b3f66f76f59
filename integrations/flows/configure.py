"""The life of an action: choose how it is authorized, enable, disable, delete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from integrations.catalog import registry
from integrations.errors import (
    ClientMissing,
    ClientRefused,
    GrantLost,
    NotAuthorized,
    NotOffered,
    ProviderUnavailable,
    RefreshBusy,
)
from integrations.models import Action, Connection
from integrations.signals import action_disabled, action_enabled

from .clients import client_of
from .editions import check_edition
from .refresh import access_token

if TYPE_CHECKING:
    from django.dispatch import Signal

    from integrations.models import AuthorizationProfile
    from xoplatform.models import App

#: Seconds that enabling may spend on finding out whether an old grant still works.
GRANT_CHECK = 8.0


def actions_of(app: App) -> list[Action]:
    """One action per provider, in the order of the providers; those never touched are not stored yet."""
    stored = {action.provider: action for action in app.actions.select_related("profile")}
    return [stored.get(name) or Action(app=app, provider=name) for name in registry.providers()]


def open_action(app: App, provider: str) -> Action:
    """The App's action for this provider, stored. Raises UnknownProvider."""
    registry.provider(provider)
    action, _created = Action.objects.select_related("app", "profile").get_or_create(app=app, provider=provider)
    return action


def configure(
    action: Action,
    *,
    authorization_type: str,
    method: str,
    card: str,
    edition: str,
    profile: AuthorizationProfile | None = None,
) -> Action:
    """Stores the choices of the Authorization tab.

    Raises NotOffered, EditionMissing or EditionRefused, and then changes nothing. A connection made with
    another registration cannot be refreshed any more, so it is marked to be authorized again.
    """
    offered = registry.provider(action.provider).manifest
    for choice, choices, field in (
        (authorization_type, offered.authorization.types, Action.AuthorizationType),
        (method, offered.authorization.methods, Action.Method),
        (card, offered.authorization.cards, Action.Card),
    ):
        if choice not in choices:
            label = field(choice).label if choice in field.values else choice
            raise NotOffered(provider=offered.title, choice=f"“{label}”")
    action.authorization_type, action.method, action.card, action.edition = authorization_type, method, card, edition
    action.profile = profile if card == Action.Card.CUSTOM else None
    check_edition(action)
    with transaction.atomic():
        action.save()
        _mark_foreign_grants(action)
    return action


def _mark_foreign_grants(action: Action) -> None:
    try:
        client_id = client_of(action).client_id
    except ClientMissing:
        return
    foreign = action.connections.exclude(client_id=client_id).filter(state=Connection.State.CONNECTED)
    foreign.update(
        state=Connection.State.NEEDS_AUTHORIZATION,
        last_error="The action now uses another client, which cannot renew this authorization.",
    )


@dataclass(frozen=True)
class Enabled:
    """``first`` is true once per action, for the page that celebrates it."""

    action: Action
    first: bool


def enable(action: Action) -> Enabled:
    """Lets service nodes use the action. A grant from before a Disable is enough as long as it works.

    Raises NotAuthorized, EditionMissing or EditionRefused. Talks to the provider when the token is due.
    """
    check_edition(action)
    if action.pre_authorized:
        _require_grant(action)
    now = timezone.now()
    with transaction.atomic():
        first = bool(Action.objects.filter(pk=action.pk, first_enabled_at=None).update(first_enabled_at=now))
        Action.objects.filter(pk=action.pk).update(status=Action.Status.ENABLED, error_reason="", updated_at=now)
        action.refresh_from_db()
        _tell(action_enabled, action)
    return Enabled(action, first)


def _require_grant(action: Action) -> None:
    connection = action.connection_for(None)
    refused = NotAuthorized(provider=registry.provider(action.provider).manifest.title, app=action.app.name)
    if connection is None or not connection.usable:
        raise refused
    try:
        access_token(connection.pk, budget=GRANT_CHECK)
    except GrantLost:
        raise refused from None
    except (ProviderUnavailable, RefreshBusy, ClientRefused):
        # Whether the grant works cannot be known now. Enabling does no harm: calls ask again.
        return


def disable(action: Action) -> None:
    """Stops service nodes from using the action, and keeps its authorization."""
    with transaction.atomic():
        Action.objects.filter(pk=action.pk).update(status=Action.Status.DISABLED, updated_at=timezone.now())
        action.refresh_from_db()
        _tell(action_disabled, action)


def delete(action: Action) -> None:
    """Removes the action with its connections and tokens for good; it stands under Available again."""
    with transaction.atomic():
        _tell(action_disabled, action)
        action.delete()


def _tell(signal: Signal, action: Action) -> None:
    told = {"action_id": action.pk, "app_id": action.app_id, "provider": action.provider}
    transaction.on_commit(lambda: signal.send_robust(sender=Action, **told))
