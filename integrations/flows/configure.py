"""The life of an action: choose how it is authorized, enable, disable, delete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from integrations.catalog import registry
from integrations.errors import (
    ClientRefused,
    ConnectionsWouldEnd,
    GrantLost,
    NotAuthorized,
    NotConfigured,
    ProviderUnavailable,
    RefreshBusy,
)
from integrations.models import Action
from integrations.signals import action_disabled, action_enabled

from . import audit, news
from .choices import choose, foreign_grants, mark_foreign_grants, note_choices
from .editions import check_edition
from .forget import counted
from .refresh import access_token

if TYPE_CHECKING:
    from django.dispatch import Signal

    from xoplatform.models import App

#: What `choose` takes.
CHOICES = ("authorization_type", "method", "card", "edition", "tenant", "profile")
#: Seconds that enabling may spend on finding out whether an old grant still works.
GRANT_CHECK = 8.0


def actions_of(app: App) -> list[Action]:
    """One action per provider, in the order of the providers; those never touched are not stored yet."""
    stored = {action.provider: action for action in app.actions.select_related("profile")}
    return [stored.get(name) or Action(app=app, provider=name) for name in registry.providers()]


def action_at(app: App, provider: str) -> Action:
    """The App's action for this provider, as it is stored or as it would begin. Looking at it stores nothing.

    Raises UnknownProvider.
    """
    registry.provider(provider)
    stored = app.actions.select_related("app", "profile").filter(provider=provider).first()
    return stored or Action(app=app, provider=provider)


def open_action(app: App, provider: str) -> Action:
    """The App's action for this provider, stored. Raises UnknownProvider."""
    registry.provider(provider)
    action, _created = Action.objects.select_related("app", "profile").get_or_create(app=app, provider=provider)
    return action


def configure(action: Action, *, actor: Any = None, **choices: Any) -> Action:
    """Stores the choices of the Authorization tab, named as `choices.choose` names them.

    Raises NotOffered, ProfileMissing, EditionMissing or EditionRefused, and then changes nothing. A connection made
    with another registration cannot be refreshed any more, so it is marked to be authorized again.
    """
    choose(action, **choices)
    with transaction.atomic():
        note_choices(action, actor)
        action.save()
        mark_foreign_grants(action)
    return action


def change(action: Action, *, may_end: bool, actor: Any = None, **changes: Any) -> Action:
    """As `configure`, with those of the choices that are given; the others stay as they are.

    Raises what `configure` raises, and ConnectionsWouldEnd where working connections would have to be authorized
    again, unless they ``may_end``.
    """
    kept = {name: getattr(action, name) for name in CHOICES}
    choose(action, **{**kept, **changes})
    with transaction.atomic():
        if not may_end and (ending := foreign_grants(action).count()):
            raise ConnectionsWouldEnd(what="This choice", count=counted(ending, "connection"))
        note_choices(action, actor)
        action.save()
        mark_foreign_grants(action)
    return action


def prepare(action: Action, *, actor: Any = None, **choices: Any) -> dict[str, Any]:
    """As `configure`, but what would end the App's own working grant is not stored yet.

    Returns the choices that have to wait for the new grant, to be handed to `authorize.begin`; empty where all is
    stored. ``action`` holds them in either case. Raises what `configure` raises.
    """
    wanted = choose(action, **choices)
    if action.pre_authorized and foreign_grants(action).filter(end_user=None).exists():
        return wanted
    with transaction.atomic():
        note_choices(action, actor)
        action.save()
        mark_foreign_grants(action)
    return {}


@dataclass(frozen=True)
class Enabled:
    """``first`` is true once per action, for the page that celebrates it."""

    action: Action
    first: bool


def enable(action: Action, *, actor: Any = None) -> Enabled:
    """Lets service nodes use the action. A grant from before a Disable is enough as long as it works.

    Raises NotAuthorized, EditionMissing or EditionRefused. Talks to the provider when the token is due.
    """
    check_edition(action)
    if action.pre_authorized:
        _require_grant(action)
    now = timezone.now()
    with transaction.atomic():
        first = bool(Action.objects.filter(pk=action.pk, first_enabled_at=None).update(first_enabled_at=now))
        mended = Action.objects.filter(pk=action.pk, status=Action.Status.ERROR).exists()
        Action.objects.filter(pk=action.pk).update(
            status=Action.Status.ENABLED, error_reason="", error_mailed_at=None, updated_at=now
        )
        action.refresh_from_db()
        audit.note(action.app, audit.Verb.ENABLED, actor=actor, provider=action.provider)
        if mended:
            news.tell_of_action(action, None)
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


def disable(action: Action, *, actor: Any = None) -> None:
    """Stops service nodes from using the action, and keeps its authorization. Raises NotConfigured."""
    if not action.configured:
        raise NotConfigured(provider=registry.provider(action.provider).manifest.title, app=action.app.name)
    with transaction.atomic():
        Action.objects.filter(pk=action.pk).update(status=Action.Status.DISABLED, updated_at=timezone.now())
        action.refresh_from_db()
        audit.note(action.app, audit.Verb.DISABLED, actor=actor, provider=action.provider)
        _tell(action_disabled, action)


def delete(action: Action, *, actor: Any = None) -> None:
    """Removes the action with its connections and tokens for good; it stands under Available again.

    Raises NotConfigured where nothing is stored.
    """
    if action.pk is None:
        raise NotConfigured(provider=registry.provider(action.provider).manifest.title, app=action.app.name)
    with transaction.atomic():
        _tell(action_disabled, action)
        counted = {"connections": action.connections.count(), "links": action.links.count()}
        audit.note(action.app, audit.Verb.DELETED, actor=actor, provider=action.provider, details=counted)
        news.tell_of_all(action, action.connections.all(), news.DISCONNECTED)
        action.delete()


def _tell(signal: Signal, action: Action) -> None:
    told = {"action_id": action.pk, "app_id": action.app_id, "provider": action.provider}
    transaction.on_commit(lambda: signal.send_robust(sender=Action, **told))
