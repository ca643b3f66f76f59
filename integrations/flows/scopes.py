"""Which scopes dialogs need, which a grant lacks, and what to ask for when somebody consents again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from integrations.catalog import registry
from integrations.models import Action, Connection
from integrations.signals import operations_in_use

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from integrations.oauth import OAuthClient
    from xoplatform.models import App


@dataclass(frozen=True)
class Need:
    """A dialog task, and the scopes that its operations need but a grant lacks."""

    title: str
    missing: tuple[str, ...]


def missing_for(provider: str, operations: Iterable[str], granted: Sequence[str]) -> tuple[str, ...]:
    """Scopes that these operations need and ``granted`` lacks, in order; unknown operations need none."""
    known = registry.provider(provider).operations
    found: dict[str, None] = {}
    for name in operations:
        if name in known:
            found.update(dict.fromkeys(known[name].missing_scopes(granted)))
    return tuple(found)


def used_by_dialogs(app: App, provider: str) -> list[tuple[str, list[str]]]:
    """What dialogs call here, as (title, operations); a receiver that fails says nothing."""
    answers = operations_in_use.send_robust(sender=Action, app=app, provider=provider)
    return [pair for _receiver, answer in answers if isinstance(answer, list) for pair in answer]


def lacking(connection: Connection) -> list[Need]:
    """The dialog tasks that cannot do all their work with this grant."""
    provider = connection.action.provider
    used = used_by_dialogs(connection.action.app, provider)
    needs = [Need(title, missing_for(provider, operations, connection.scopes)) for title, operations in used]
    return [need for need in needs if need.missing]


def missing_of_app(app: App, provider: str, used: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Scopes that the operations of each of ``used`` need and the App's own grant lacks. One query."""
    own = Connection.objects.defer("access_token", "refresh_token").filter(
        action__app=app,
        action__provider=provider,
        action__authorization_type=Action.AuthorizationType.PRE_AUTHORIZE,
        end_user=None,
    )
    connection = own.first()
    granted = connection.scopes if connection else None
    return {
        name: () if granted is None else missing_for(provider, operations, granted) for name, operations in used.items()
    }


def to_ask(client: OAuthClient, connection: Connection | None) -> tuple[str, ...]:
    """The scopes of a consent: at first those of the registration; later what is granted, and what is missing of it
    and of the installed dialogs.

    Those granted are named again because a new consent replaces the scopes of the old one instead of adding to them
    (Atlassian, OAuth 2.0 (3LO) apps). To have fewer, disconnect first.
    """
    if connection is None or connection.client_id != client.client_id or not connection.scopes:
        return client.scopes
    needed = [scope for need in lacking(connection) for scope in need.missing]
    return tuple(dict.fromkeys([*connection.scopes, *client.scopes, *needed]))
