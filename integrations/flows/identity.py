"""Whose provider account an end user may connect: the App's rule on e-mail addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.catalog import registry
from integrations.errors import IdentityHidden, IdentityMismatch, IdentityUnknown
from xoplatform.models import App

if TYPE_CHECKING:
    from integrations.models import Action
    from xoplatform.models import EndUser

Rule = App.IdentityRule


def matches(end_user: EndUser, email: str) -> bool:
    """Whether this account's e-mail is the end user's. One that is hidden, or not known, matches nobody."""
    mine, theirs = end_user.email.strip().casefold(), email.strip().casefold()
    return bool(mine) and mine == theirs


def in_doubt(action: Action, end_user: EndUser, email: str) -> bool:
    """Whether the App wants people warned about this account."""
    return action.app.identity_rule == Rule.WARN and not matches(end_user, email)


def check(action: Action, end_user: EndUser, name: str, email: str) -> None:
    """Raises IdentityMismatch, IdentityHidden or IdentityUnknown where the App requires the end user's own e-mail."""
    if action.app.identity_rule != Rule.REQUIRE or matches(end_user, email):
        return
    manifest = registry.provider(action.provider).manifest
    words = {"app": action.app.name, "provider": manifest.vendor or manifest.title}
    if not end_user.email.strip():
        raise IdentityUnknown(**words)
    words |= {"expected": hint(end_user.email), "account": name or "the account that you used"}
    raise IdentityMismatch(**words) if email.strip() else IdentityHidden(**words)


def hint(email: str) -> str:
    """An address as its owner recognizes it and others cannot use it: ``ada@…``."""
    return f"{email.partition('@')[0]}@…"
