"""Authorization profiles: save, delete, and what a change does to those who use one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from integrations.catalog import registry
from integrations.errors import ConnectionsWouldEnd, ProfileInUse, ProfileInvalid, UnknownProvider
from integrations.models import Action, AuthorizationProfile, Connection

from . import audit, client_faults
from .forget import counted
from .grants import end_grant
from .profile_kinds import KINDS, LABELS
from .profile_rules import problems_of

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Fields whose change makes another client or another authorization server of a profile.
DECISIVE = ("client_id", "authorization_url", "token_url", "refresh_url", "base_url")
#: Fields whose change makes another token request of it, which may be accepted although the client is the same.
TOKEN_REQUEST = frozenset({"token_url", "refresh_url", "request_method", "content_type"}) | {
    "additional_fields",
    "authorization_fields",
}


@dataclass(frozen=True)
class Use:
    """An action that uses a profile, and how many connections it would cost."""

    action: Action
    connections: int

    def __str__(self) -> str:
        return f"{_title(self.action)} in {self.action.app} ({self.words})"

    @property
    def words(self) -> str:
        return f"{self.connections} connection{'' if self.connections == 1 else 's'}"


def save(
    profile: AuthorizationProfile, *, secret: str | None = None, may_end: bool = True, actor: Any = None
) -> AuthorizationProfile:
    """Stores a profile. ``secret`` replaces the client secret; None or empty keeps the one there is.

    What does not belong to the type is emptied. Changing a decisive field marks the connections of all who use the
    profile to be authorized again; ask with `uses_that_end` before. Raises ProfileInvalid, whose ``fields`` say what is
    wrong with which, and ConnectionsWouldEnd unless they ``may_end``.
    """
    if secret:
        profile.client_secret, profile.client_secret_set_at = secret, timezone.now()
    empty_foreign_fields(profile)
    if problems := problems_of(profile):
        raise ProfileInvalid(problems)
    if not may_end and (ending := uses_that_end(profile)):
        count = counted(sum(use.connections for use in ending), "connection")
        raise ConnectionsWouldEnd(what=f"This change of “{profile}”", count=count)
    is_new = profile.pk is None
    try:
        _store(profile, is_new=is_new, secret=secret, actor=actor)
    except IntegrityError:  # a namesake came at the same moment
        raise ProfileInvalid(problems_of(profile)) from None
    return profile


def _store(profile: AuthorizationProfile, *, is_new: bool, secret: str | None, actor: Any) -> None:
    with transaction.atomic():
        changed = changes_of(profile)
        uses = uses_of(profile) if decisive(changed) else []
        profile.save()
        if not is_new:
            client_faults.clear_changed(profile, anyway=bool(TOKEN_REQUEST & {*changed}))
        for use in uses:
            _end(use.action, profile, decisive(changed))
        _note(profile, is_new=is_new, changed=[*changed, *(["client_secret"] if secret else [])], actor=actor)


def empty_foreign_fields(profile: AuthorizationProfile) -> None:
    """Takes away what other types hold, so that nothing unseen is kept or sent."""
    kind, blank = KINDS[profile.type], AuthorizationProfile()
    for field in LABELS:
        if not kind.has(field):
            setattr(profile, field, getattr(blank, field))
    if not kind.has("client_secret"):
        profile.client_secret_set_at = None


def changes_of(profile: AuthorizationProfile) -> list[str]:
    """Fields that differ from what is stored, the secret left out; empty for a new profile."""
    stored = AuthorizationProfile.objects.filter(pk=profile.pk).first() if profile.pk else None
    if stored is None:
        return []
    fields = (name for name in LABELS if name != "client_secret")
    return [name for name in fields if getattr(stored, name) != getattr(profile, name)]


def decisive(changed: Sequence[str]) -> list[str]:
    """Those of the changed fields that end grants."""
    return [name for name in changed if name in DECISIVE]


def uses_of(profile: AuthorizationProfile) -> list[Use]:
    """The actions that use it, with their connections that still work."""
    actions = profile.actions.filter(card=Action.Card.CUSTOM).select_related("app")
    working = Connection.objects.filter(state=Connection.State.CONNECTED)
    return [Use(action, working.filter(action=action).count()) for action in actions]


def uses_that_end(profile: AuthorizationProfile) -> list[Use]:
    """Whose connections saving ``profile`` as it is now would end; empty if it ends none."""
    if not decisive(changes_of(profile)):
        return []
    return [use for use in uses_of(profile) if use.connections]


def _end(action: Action, profile: AuthorizationProfile, changed: Sequence[str]) -> None:
    what = ", ".join(LABELS[name] for name in changed)
    reason = f"The authorization profile “{profile}” was changed ({what}). It has to be authorized again."
    for row in action.connections.filter(state=Connection.State.CONNECTED).iterator(chunk_size=500):
        end_grant(row, reason)


def delete(profile: AuthorizationProfile, *, actor: Any = None) -> None:
    """Removes a profile that nothing uses. Raises ProfileInUse, which names the users."""
    with transaction.atomic():
        refuse_if_used(profile)
        audit.note(profile.app, audit.Verb.PROFILE_DELETED, actor=actor, what=profile.name)
        profile.delete()


def refuse_if_used(profile: AuthorizationProfile) -> None:
    """Raises ProfileInUse while an action has it selected."""
    if users := list(profile.actions.select_related("app")):
        names = ", ".join(f"{_title(action)} in {action.app}" for action in users)
        raise ProfileInUse(profile=profile.name, users=names)


def _note(profile: AuthorizationProfile, *, is_new: bool, changed: Sequence[str], actor: Any) -> None:
    verb = audit.Verb.PROFILE_CREATED if is_new else audit.Verb.PROFILE_CHANGED
    details: dict[str, Any] = {"type": profile.type} if is_new else {"changed": [LABELS[name] for name in changed]}
    if is_new or changed:
        audit.note(profile.app, verb, actor=actor, what=profile.name, details=details)


def _title(action: Action) -> str:
    try:
        return registry.provider(action.provider).manifest.title
    except UnknownProvider:
        return action.provider
