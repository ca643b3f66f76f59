"""What an action is authorized with: kept at once, or only together with the grant that it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from integrations.catalog import registry
from integrations.errors import ClientMissing, NotOffered, ProfileMissing, ProfileUnfilled
from integrations.models import Action, Connection

from . import audit, news
from .clients import GRANTS, client_of
from .editions import check_edition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from integrations.models import AuthorizationProfile

#: The columns of an action that say how it is authorized.
COLUMNS = ("authorization_type", "method", "card", "edition", "tenant", "profile_id")


def choose(
    action: Action,
    *,
    authorization_type: str,
    method: str,
    card: str,
    edition: str,
    profile: AuthorizationProfile | None = None,
    tenant: str = "",
) -> dict[str, Any]:
    """Puts the choices on ``action`` without storing them, and gives them as what can be stored later.

    Raises NotOffered, ProfileMissing, EditionMissing or EditionRefused.
    """
    offered = registry.provider(action.provider).manifest
    basic = method == Action.Method.BASIC
    card = Action.Card.SYSTEM if basic else card  # an API token comes from no registered app
    for choice, choices, field in (
        (authorization_type, offered.authorization.types, Action.AuthorizationType),
        (method, offered.authorization.methods, Action.Method),
        (card, offered.authorization.cards, Action.Card),
    ):
        if choice not in choices:
            label = field(choice).label if choice in field.values else choice
            raise NotOffered(provider=offered.title, choice=f"“{label}”")
    if card == Action.Card.CUSTOM:
        _require_fit(profile, action, authorization_type)
    action.authorization_type, action.method, action.card, action.edition = authorization_type, method, card, edition
    action.profile, action.tenant = (profile if card == Action.Card.CUSTOM else None), tenant
    check_edition(action)
    return {name: getattr(action, name) for name in COLUMNS}


def _require_fit(profile: AuthorizationProfile | None, action: Action, authorization_type: str) -> None:
    """The profile must lead to OAuth tokens, and under Allow users to a consent page that each person can open."""
    title = registry.provider(action.provider).manifest.title
    if profile is None:
        raise ProfileMissing(provider=title)
    kind = profile.get_type_display()
    if profile.app_id != action.app_id or profile.type not in (profile.Type.OAUTH2, *GRANTS):
        raise NotOffered(provider=title, choice=f"“{profile}” ({kind})")
    if authorization_type == Action.AuthorizationType.ALLOW_USERS and profile.type in GRANTS:
        raise NotOffered(provider=title, choice=f"“{profile}” ({kind}) by each person")


def adopt(action: Action, choices: Mapping[str, Any]) -> None:
    """Puts choices that wait for their grant on ``action``, in memory only."""
    for name, value in choices.items():
        setattr(action, name, value)


def keep_choices(action: Action, choices: Mapping[str, Any], actor: Any = None) -> None:
    """Stores the choices together with the grant that they led to; open the transaction around both."""
    if not choices:
        return
    adopt(action, choices)
    note_choices(action, actor)
    Action.objects.filter(pk=action.pk).update(**choices, updated_at=timezone.now())
    mark_foreign_grants(action)


def note_choices(action: Action, actor: Any = None) -> None:
    """The audit's entry of what is about to be stored; none where it is what is stored already."""
    stored = Action.objects.filter(pk=action.pk).values(*COLUMNS).first() or {}
    changed = {name: getattr(action, name) for name in COLUMNS if stored.get(name) != getattr(action, name)}
    if changed:
        if "authorization_type" in changed:
            changed["type"] = changed.pop("authorization_type")  # the other name would be hidden as a secret
        audit.note(action.app, audit.Verb.CONFIGURED, actor=actor, provider=action.provider, details=changed)


def foreign_grants(action: Action) -> QuerySet[Connection]:
    """Grants that work, but not with what is chosen on ``action`` now: nobody can renew them."""
    working = action.connections.filter(state=Connection.State.CONNECTED)
    if action.method == Action.Method.BASIC:
        return working.exclude(kind=Connection.Kind.BASIC)
    try:
        client_id = client_of(action).client_id
    except (ClientMissing, ProfileMissing, ProfileUnfilled):
        return working.none()
    return working.exclude(kind=Connection.Kind.OAUTH, client_id=client_id)


def mark_foreign_grants(action: Action) -> None:
    """Lets everybody whose grant no longer fits the action authorize again."""
    rows = foreign_grants(action)
    news.tell_of_all(action, rows, Connection.State.NEEDS_AUTHORIZATION)
    rows.update(
        state=Connection.State.NEEDS_AUTHORIZATION,
        last_error="The action now uses another client, which cannot renew this authorization.",
        lease_token="",
        lease_until=None,
        due_at=None,
    )
