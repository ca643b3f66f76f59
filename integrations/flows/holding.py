"""Grants that an end user has given but not confirmed: kept apart, and made a connection only once it is certain whose.

A grant is written to one place only: the connection of its link's own end user. Until then nobody can use it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from integrations.catalog import registry
from integrations.catalog.base import Account, Site
from integrations.errors import ConfigurationChanged, ConfirmationLapsed, SiteUnknown
from integrations.models import Action, AuthorizationAttempt, AuthorizationLink, Connection, HeldGrant
from integrations.oauth import Tokens
from xoplatform.core.errors import PlatformError

from . import audit, identity, links
from .clients import client_of
from .grants import keep_grant
from .invitation import check_asked, reason_of, words_for_person

if TYPE_CHECKING:
    from collections.abc import Sequence

#: How long a grant waits for the person's yes, and then once more for the code.
PATIENCE = timedelta(minutes=20)

Outcome = AuthorizationAttempt.Outcome
WAITING = (Outcome.CONFIRMING, Outcome.AWAITING_CODE)


def hold(
    attempt: AuthorizationAttempt, tokens: Tokens, account: Account, sites: Sequence[Site], **basic: str
) -> HeldGrant:
    """Keeps a consent's grant until the person says whose it is. An older one of the same browser and link is erased.

    Raises IdentityMismatch, IdentityHidden or IdentityUnknown where the App's rule refuses the account; nothing is
    kept then.
    """
    assert attempt.end_user is not None  # noqa: S101 -- a link has an end user
    identity.check(attempt.action, attempt.end_user, account.name, account.email)
    now = timezone.now()
    lives = tokens.expires_in
    columns: dict[str, Any] = {
        "account_id": account.id,
        "account_name": account.name,
        "account_email": account.email,
        "sites": [{"id": s.id, "name": s.name, "url": s.url} for s in sites],
        "scopes": list(tokens.scopes),
        "access_token": tokens.access_token,
        "refresh_token": tokens.refresh_token or "",
        "token_ends_at": now + timedelta(seconds=lives) if lives is not None else None,
        "expires_at": now + PATIENCE,
    }
    with transaction.atomic():
        _replace(attempt, Outcome.CONFIRMING, session_hash=attempt.session_hash)
        return HeldGrant.objects.create(attempt=attempt, **columns, **basic)


def waiting(attempt: AuthorizationAttempt) -> HeldGrant:
    """The grant that waits for a yes or a code. Raises ConfirmationLapsed once it is gone."""
    held = HeldGrant.objects.filter(attempt_id=attempt.pk).first()
    if held is None or held.lapsed:
        give_up(attempt, _lapsed(attempt))
        raise _lapsed(attempt)
    held.attempt = attempt
    return held


def confirm(attempt: AuthorizationAttempt, site_id: str = "") -> str:
    """The person says yes to the account and the site. Returns a code to type back where the link asks for one.

    Without a code it is connected then. Raises ConfirmationLapsed, SiteUnknown, NotAsked, ConfigurationChanged,
    LinkUsed, LinkRevoked, LinkExpired or an error of the identity rule; nothing is connected then.
    """
    held = waiting(attempt)
    held.site_id = _site_of(held, site_id)["id"]
    try:
        _check(held)
    except PlatformError as error:
        give_up(attempt, error)
        raise
    with transaction.atomic():
        link = _lock(attempt.link_id)
        links.require_live(link)
        if not _move(attempt, Outcome.CONFIRMING, Outcome.AWAITING_CODE):
            raise _lapsed(attempt)
        held.expires_at = timezone.now() + PATIENCE
        held.save(update_fields=["site_id", "expires_at"])
        if not link.code_needed:
            _settle(held, link)
            return ""
        _replace(attempt, Outcome.AWAITING_CODE)
        return links.new_code(link)


def another_code(attempt: AuthorizationAttempt) -> str:
    """A fresh code for the browser that waits for one; the code before is void. Raises ConfirmationLapsed."""
    waiting(attempt)
    with transaction.atomic():
        link = _lock(attempt.link_id)
        links.require_live(link)
        if not AuthorizationAttempt.objects.filter(pk=attempt.pk, outcome=Outcome.AWAITING_CODE).exists():
            raise _lapsed(attempt)
        return links.new_code(link)


def confirm_code(app_id: int, end_user_id: int, provider: str, code: str) -> bool:
    """Whether this is the code that this person was shown; what waited for it is connected then.

    A code belongs to its person and link, ends after a few minutes and forgives few mistakes. Raises what keeps the
    App from accepting the account although the code is right, such as an error of the identity rule.
    """
    link = links.check_code(app_id, end_user_id, provider, code)
    return link is not None and finish_by_code(link) is not None


def finish_by_code(link: AuthorizationLink) -> Connection | None:
    """Connects what waits for the code that `links.check_code` has just accepted for ``link``.

    None if it lapsed, or if another browser has confirmed another account since the code was checked. Raises why the
    App does not accept it any more; the grant is erased then, and the attempt says why too.
    """
    held = HeldGrant.objects.select_related("attempt").filter(**_awaited(link)).first()
    try:
        return _finish_by_code(link)
    except PlatformError as error:
        if held is not None:
            give_up(held.attempt, error)
        raise


def _awaited(link: AuthorizationLink) -> dict[str, Any]:
    return {"attempt__link_id": link.pk, "attempt__outcome": Outcome.AWAITING_CODE}


def _finish_by_code(link: AuthorizationLink) -> Connection | None:
    with transaction.atomic():
        locked = _lock(link.pk)
        rows = HeldGrant.objects.select_related("attempt__action__app", "attempt__action__profile", "attempt__end_user")
        held = rows.filter(**_awaited(locked)).first()
        if held is None or held.lapsed or not locked.open or locked.code_hash != link.code_hash:
            return None
        _check(held)
        return _settle(held, locked)


def give_up(attempt: AuthorizationAttempt, why: PlatformError | str) -> None:
    """Erases what waits, and says why on the attempt, in the person's language."""
    reason = reason_of(attempt, why)
    with transaction.atomic():
        HeldGrant.objects.filter(attempt_id=attempt.pk).delete()
        rows = AuthorizationAttempt.objects.filter(pk=attempt.pk, outcome__in=WAITING)
        rows.update(outcome=Outcome.FAILED, reason=reason)
    attempt.refresh_from_db(fields=["outcome", "reason"])


def forget_lapsed() -> int:
    """Erases grants that nobody confirmed in time; how many."""
    late = HeldGrant.objects.filter(expires_at__lte=timezone.now()).select_related("attempt__action")
    found = list(late[:1000])
    for held in found:
        give_up(held.attempt, _lapsed(held.attempt))
    return len(found)


def _settle(held: HeldGrant, link: AuthorizationLink) -> Connection:
    """The one place where a held grant becomes the connection of its link's end user."""
    attempt = held.attempt
    links.mark_used(link)
    left = (held.token_ends_at - timezone.now()).total_seconds() if held.token_ends_at else None
    basic = bool(held.login)
    connection = keep_grant(
        attempt.action,
        link.end_user_id,
        Tokens(held.access_token, held.refresh_token or None, left, tuple(held.scopes)),
        Account(held.account_id, held.account_name, held.account_email),
        [Site(**site) for site in held.sites],
        kind=Connection.Kind.BASIC if basic else Connection.Kind.OAUTH,
        client_id=attempt.client_id,
        login=held.login,
        base=held.base,
        site_id=held.site_id,
    )
    held.delete()
    _replace(attempt, *WAITING)
    _move(attempt, Outcome.AWAITING_CODE, Outcome.CONNECTED, connection=connection)
    _note_doubt(attempt, connection)
    return connection


def _note_doubt(attempt: AuthorizationAttempt, connection: Connection) -> None:
    if attempt.end_user and identity.in_doubt(attempt.action, attempt.end_user, connection.account_email):
        details = {"warning": "The account's e-mail is not the end user's."}
        audit.note_about(connection, audit.Verb.CONNECTED, details=details)


def _check(held: HeldGrant) -> None:
    """What was true when the grant came must still be true when it is kept."""
    attempt = held.attempt
    assert attempt.end_user is not None  # noqa: S101 -- a link has an end user
    check_asked(attempt.action)
    _check_client(held)
    identity.check(attempt.action, attempt.end_user, held.account_name, held.account_email)


def _check_client(held: HeldGrant) -> None:
    """A grant of another method or registration could never be used or renewed."""
    attempt, action = held.attempt, held.attempt.action
    basic = action.method == Action.Method.BASIC
    same = bool(held.login) if basic else client_of(action).client_id == attempt.client_id
    if not same:
        raise words_for_person(ConfigurationChanged(provider=_title(attempt)), attempt.action)


def _site_of(held: HeldGrant, site_id: str) -> dict[str, Any]:
    """The site that was chosen; a single one needs no choice."""
    found = [s for s in held.sites if s["id"] == site_id] if site_id else held.sites
    if len(found) != 1:
        raise SiteUnknown(provider=_title(held.attempt))
    site: dict[str, Any] = found[0]
    return site


def _lock(link_id: Any) -> AuthorizationLink:
    rows = AuthorizationLink.objects.select_for_update(of=("self",)).select_related("action__app", "end_user")
    return rows.get(pk=link_id)


def _move(attempt: AuthorizationAttempt, before: str, after: str, **columns: Any) -> bool:
    moved = AuthorizationAttempt.objects.filter(pk=attempt.pk, outcome=before).update(
        outcome=after, reason="", **columns
    )
    attempt.refresh_from_db(fields=["outcome", "reason", "connection"])
    return bool(moved)


def _replace(attempt: AuthorizationAttempt, *outcomes: str, **only: Any) -> None:
    """Erases the grants of other attempts with the same link that wait, so that never two wait for one answer."""
    others = AuthorizationAttempt.objects.filter(link_id=attempt.link_id, outcome__in=outcomes, **only)
    for other in others.exclude(pk=attempt.pk):
        give_up(other, "You started once more. What was allowed before has been erased.")


def _lapsed(attempt: AuthorizationAttempt) -> ConfirmationLapsed:
    manifest = registry.provider(attempt.action.provider).manifest
    return ConfirmationLapsed(provider=manifest.vendor or manifest.title)


def _title(attempt: AuthorizationAttempt) -> str:
    return registry.provider(attempt.action.provider).manifest.title
