"""Enabling an action under Allow users: everybody who needs a link is sent one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from integrations.catalog import registry
from integrations.errors import PeopleUnconfirmed
from integrations.models import Action

from . import configure, links
from .choices import choose
from .clients import client_of
from .forget import counted
from .links.making import require_use

if TYPE_CHECKING:
    from collections.abc import Mapping

    from integrations.models import LinkBatch


@dataclass(frozen=True)
class RolledOut:
    """``first`` is true once per action; ``batch`` counts the mails that are on their way."""

    action: Action
    first: bool
    batch: LinkBatch


def check(action: Action, choices: Mapping[str, Any] | None = None) -> None:
    """Puts the choices on ``action``, in memory only, and makes sure that people could authorize with them.

    Raises what `choices.choose` raises, LinksNotUsed, or ClientMissing where links would lead nowhere.
    """
    if choices:
        choose(action, **choices)
    require_use(action)
    if action.method == Action.Method.OAUTH:
        client_of(action)


def roll_out(
    action: Action,
    choices: Mapping[str, Any] | None = None,
    *,
    invite_new_users: bool,
    confirmed: int | None = None,
    user: Any = None,
) -> RolledOut:
    """Stores the choices, enables the action, and asks for a link to everybody who needs one; all or nothing.

    Talks to nobody: the links are made and sent by jobs. ``confirmed``: how many people the caller expects to be
    mailed, where nobody is asked on a page before; ``user`` is the staff user or the API key. Raises what `check`
    raises, EditionMissing, EditionRefused, or PeopleUnconfirmed.
    """
    check(action, choices)
    with transaction.atomic():
        if confirmed is not None:
            _require_confirmed(action, confirmed)
        if choices:
            configure.configure(action, actor=user, **choices)
        Action.objects.filter(pk=action.pk).update(invite_new_users=invite_new_users)
        enabled = configure.enable(action, actor=user)
        batch = links.request_batch(enabled.action, user=user)
    return RolledOut(enabled.action, enabled.first, batch)


def _require_confirmed(action: Action, confirmed: int) -> None:
    count = links.audience_of(action).by_mail
    if count and count != confirmed:
        title = registry.provider(action.provider).manifest.title
        raise PeopleUnconfirmed(provider=title, people=counted(count, "person", "people"), count=count)
