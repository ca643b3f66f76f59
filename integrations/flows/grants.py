"""Writes to connections. Every write of tokens is one UPDATE that adds one to the generation."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from integrations.catalog import registry
from integrations.models import Action, Connection
from integrations.signals import connection_authorized
from xoplatform.core.crypto import Secret
from xoplatform.core.fields import sealed

from . import audit, due, news
from .choices import keep_choices
from .queue import enqueue_on_commit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from integrations.catalog.base import Account, Site
    from integrations.models import AuthorizationAttempt
    from integrations.oauth import Tokens


OAUTH = Connection.Kind.OAUTH


def token_columns(row: Connection, tokens: Tokens, asked_at: datetime) -> dict[str, Any]:
    """What a token answer writes on ``row``, whether it came from a consent or from a refresh.

    ``asked_at``: when the request left; counted from there, the stored expiry is never later than the real one.
    """
    days = registry.provider(row.action.provider).manifest.authorization.oauth.refresh_lifetime_days
    lives = tokens.expires_in
    columns: dict[str, Any] = {
        **sealed(row, access_token=tokens.access_token),
        "expires_at": asked_at + timedelta(seconds=lives) if lives is not None else None,
        "generation": F("generation") + 1,
        "lease_token": "",
        "lease_until": None,
        "refresh_after": None,
        "refresh_failures": 0,
        "last_error": "",
        "due_at": due.when_idle(asked_at, days) if tokens.refresh_token or row.refresh_token else None,
    }
    if tokens.refresh_token is not None:
        # Without a new one the old one stays in force (RFC 6749 section 6).
        columns |= sealed(row, refresh_token=tokens.refresh_token)
        columns["refresh_expires_at"] = asked_at + timedelta(days=days) if days else None
    if tokens.scopes:
        columns["scopes"] = list(tokens.scopes)
    return columns


def renewed_columns(row: Connection, tokens: Tokens, asked_at: datetime) -> dict[str, Any]:
    """What a refresh writes."""
    return {**token_columns(row, tokens, asked_at), "last_refreshed_at": timezone.now()}


def store_grant(attempt: AuthorizationAttempt, tokens: Tokens, account: Account, sites: Sequence[Site]) -> Connection:
    """Keeps what a consent brought, and with it the choices of the action that waited for it."""
    with transaction.atomic():
        keep_choices(attempt.action, attempt.choices, attempt.user)
        return keep_grant(
            attempt.action,
            attempt.end_user_id,
            tokens,
            account,
            sites,
            kind=OAUTH,
            client_id=attempt.client_id,
            actor=attempt.user,
        )


def keep_grant(
    action: Action,
    end_user_id: int | None,
    tokens: Tokens,
    account: Account,
    sites: Sequence[Site],
    *,
    kind: Connection.Kind,
    client_id: str = "",
    login: str = "",
    base: str = "",
    site_id: str = "",
    ends_at: datetime | None = None,
    actor: Any = None,
) -> Connection:
    """Keeps a new grant in its one place: the action's own, or the end user's. A refresh under way loses to it."""
    columns = {
        "kind": kind,
        "client_id": client_id,
        "login": login,
        "base": base,
        "account_id": account.id,
        "account_name": account.name,
        "account_email": account.email,
        "sites": [{"id": s.id, "name": s.name, "url": s.url} for s in sites],
        "authorized_at": timezone.now(),
        "new_sites": [],
        "warned_for": None,
        "sites_looked_at": timezone.now(),
    }
    if ends_at is not None:
        columns["refresh_expires_at"] = ends_at
    with transaction.atomic():
        Action.objects.select_for_update().get(pk=action.pk)
        row, _created = Connection.objects.get_or_create(action_id=action.pk, end_user_id=end_user_id)
        before: dict[str, Any] = {"refresh_token": Secret(""), "refresh_expires_at": None, "scopes": []}
        columns = before | token_columns(row, tokens, timezone.now()) | columns
        columns |= _site_columns(sites, pinned=site_id or row.site_id)
        Connection.objects.filter(pk=row.pk).update(**columns)
        row.refresh_from_db()
        if row.usable:
            authorized(row)
            note_connected(row, actor)
        else:
            news.tell_of(row, row.state)
    return row


def _site_columns(sites: Sequence[Site], pinned: str) -> dict[str, Any]:
    """A site chosen before stays chosen; a single one needs no choice; of several none is taken silently."""
    kept = next((s for s in sites if s.id == pinned), None)
    site = kept or (sites[0] if len(sites) == 1 else None)
    if site is None:
        blank = {"site_id": "", "site_name": "", "site_url": ""}
        return {**blank, "state": Connection.State.CHOOSING_SITE}
    return {**pin(asdict(site)), "state": Connection.State.CONNECTED}


def pin(site: dict[str, Any]) -> dict[str, str]:
    """The columns that pin a connection to this site."""
    return {"site_id": site["id"], "site_name": site["name"], "site_url": site["url"]}


def authorized(row: Connection) -> None:
    """What follows from a usable grant: an action that was in error works again, listeners are told."""
    action = row.action
    if row.end_user_id is None:
        mend(action)
    news.tell_of(row, "authorized")
    told = {
        "connection_id": row.pk,
        "action_id": action.pk,
        "app_id": action.app_id,
        "end_user_id": row.end_user_id,
    }
    transaction.on_commit(lambda: connection_authorized.send_robust(sender=Connection, **told))


def lose_grant(row: Connection, reason: str, *, lease: str = "") -> bool:
    """Marks a grant that the provider refuses, unless it was renewed meanwhile. Returns whether it was marked.

    ``lease``: that of the renewal which was refused. Without one nothing is marked while somebody renews: what comes
    of that decides.
    """
    return _end(row, reason, Q(generation=row.generation, lease_token=lease))


def end_grant(row: Connection, reason: str) -> bool:
    """Marks a grant that can be used no longer because somebody here decided so, whatever is under way."""
    return _end(row, reason, Q())


def _end(row: Connection, reason: str, still: Q) -> bool:
    with transaction.atomic():
        working = Connection.objects.filter(still, pk=row.pk).exclude(state=Connection.State.NEEDS_AUTHORIZATION)
        marked = working.update(
            state=Connection.State.NEEDS_AUTHORIZATION,
            last_error=reason,
            lease_token="",
            lease_until=None,
            refresh_after=None,
            due_at=None,
        )
        if marked:
            row.state = Connection.State.NEEDS_AUTHORIZATION
            news.tell_of(row, row.state)
            audit.note_about(row, audit.Verb.GRANT_LOST, details={"reason": reason} if row.end_user_id is None else {})
            if row.end_user_id is None:
                fail(row.action, reason)
            else:
                enqueue_on_commit("ask_person_again", connection_id=row.pk)
    return bool(marked)


def fail(action: Action, reason: str, *, told: bool = False) -> bool:
    """Puts an enabled action in error; whether it was this caller who did. ``told``: nobody needs a mail about it."""
    now = timezone.now()
    failed = Action.objects.filter(pk=action.pk, status=Action.Status.ENABLED).update(
        status=Action.Status.ERROR, error_reason=reason, error_mailed_at=now if told else None, updated_at=now
    )
    if failed:
        audit.note(action.app, audit.Verb.FAILED, provider=action.provider, details={"reason": reason})
        news.tell_of_action(action, reason)
        enqueue_on_commit("tell_action_error", action_id=action.pk)
    return bool(failed)


def mend(action: Action) -> None:
    """Takes an action out of error, now that its grant works again; the next error is told anew."""
    mended = Action.objects.filter(pk=action.pk, status=Action.Status.ERROR).update(
        status=Action.Status.ENABLED, error_reason="", error_mailed_at=None, updated_at=timezone.now()
    )
    if mended:
        audit.note(action.app, audit.Verb.MENDED, provider=action.provider)
        news.tell_of_action(action, None)


def note_connected(row: Connection, actor: Any = None) -> None:
    """The audit's entry of a grant that can be used now."""
    audit.note_about(row, audit.Verb.CONNECTED, actor=actor, what=row.site_name)
