"""The door: what dialogs may ask of integrations. The other one is `integrations.signals`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from integrations.catalog import registry
from integrations.catalog.operations import JSON
from integrations.catalog.templates import TemplateInfo
from integrations.flows import configure, holding, refresh, scopes
from integrations.flows import readiness as flow_of_readiness
from integrations.flows.call import call
from integrations.flows.call_result import CallResult, Outcome
from integrations.flows.links.giving import LinkInfo, give_link
from integrations.flows.readiness import Readiness, UsableGrant
from integrations.flows.refresh import AccessToken
from integrations.models import OperationCall as CallRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from integrations.models import Action
    from xoplatform.models import App

__all__ = [
    "JSON",
    "AccessToken",
    "CallRecord",
    "CallResult",
    "LinkInfo",
    "OperationInfo",
    "Outcome",
    "ProviderInfo",
    "Readiness",
    "TemplateInfo",
    "UsableGrant",
    "access_token",
    "actions_of",
    "authorization_link",
    "call_operation",
    "code_tries_left",
    "confirm_code",
    "may_invite",
    "missing_scopes",
    "operations",
    "providers",
    "readiness",
    "record_calls",
    "templates",
    "usable_grants",
]


@dataclass(frozen=True)
class ProviderInfo:
    """A provider as pages name it; ``symbol`` is the name of a Material symbol."""

    name: str
    title: str
    description: str
    symbol: str


@dataclass(frozen=True)
class OperationInfo:
    """An operation as forms and documentation need it; ``parameters`` and ``body`` are JSON Schemas."""

    name: str
    title: str
    description: str
    method: str
    path: str
    idempotent: bool
    scopes: tuple[str, ...]
    parameters: dict[str, Any]
    body: dict[str, Any] | None


def providers() -> dict[str, ProviderInfo]:
    """Every provider that is installed, by name."""
    found = (provider.manifest for provider in registry.providers().values())
    return {m.name: ProviderInfo(m.name, m.title, m.description, m.symbol) for m in found}


def operations(provider: str) -> dict[str, OperationInfo]:
    """A provider's operations by operationId. Raises UnknownProvider."""
    return {
        o.name: OperationInfo(
            o.name, o.title, o.description, o.method, o.path, o.idempotent, o.scopes, o.parameters_schema, o.body
        )
        for o in registry.provider(provider).operations.values()
    }


def templates(provider: str) -> list[TemplateInfo]:
    """A provider's dialog templates in their order. Raises UnknownProvider."""
    return list(registry.provider(provider).templates)


def actions_of(app: App) -> list[Action]:
    """The App's actions, one per provider; those never touched are not stored."""
    return configure.actions_of(app)


def access_token(connection_id: int) -> AccessToken:
    """A valid access token, renewed if it is due. Its value is hidden everywhere but in ``value.reveal()``.

    Raises GrantLost, ClientRefused, ProviderUnavailable, RefreshBusy or ConnectionGone. Open no database
    transaction around it.
    """
    return refresh.access_token(connection_id)


def call_operation(
    *,
    app_id: int,
    end_user_id: int | None,
    provider: str,
    operation: str,
    parameters: Mapping[str, Any],
    body: JSON,
    timeout: float,
    before_send: Callable[[CallRecord], None] | None = None,
    reference: str = "",
) -> CallResult:
    """Calls a provider's operation with the grant that the App's action holds for this end user.

    Never raises for what a provider, a network or a configuration does: the outcome says it. ``timeout`` is in
    seconds and covers everything, waiting for a token and permitted retries included. Open no database
    transaction around it. ``before_send(record)`` is invoked just before a request that is not idempotent
    leaves, so that the caller can commit ``record.save()`` with its own claim; what it raises stops the call and
    is passed on. Without it the record is saved here.
    """
    return call(
        app_id=app_id,
        end_user_id=end_user_id,
        provider=provider,
        operation=operation,
        parameters=parameters,
        body=body,
        timeout=timeout,
        before_send=before_send,
        reference=reference,
    )


def readiness(app_id: int, end_user_id: int | None, provider: str) -> Readiness:
    """Whether a call of this provider could be made for this end user now; nothing is sent. At most two queries."""
    return flow_of_readiness.readiness(app_id, end_user_id, provider)


def may_invite(app_id: int, provider: str) -> bool:
    """Whether it is for each end user to authorize this provider, so that `authorization_link` has one to give."""
    return flow_of_readiness.may_invite(app_id, provider)


def authorization_link(
    app_id: int, end_user_id: int, provider: str, reference: str = "", *, vouched: bool = False
) -> LinkInfo:
    """A new link for this end user to be given where they talk to the App; ``reference`` names what waits for it.

    ``vouched``: the channel has signed the person in, so no code is typed back. Raises LinksNotUsed where the
    App's own grant serves everybody, ActionNotEnabled, or EndUserElsewhere.
    """
    return give_link(app_id, end_user_id, provider, reference, vouched=vouched)


def confirm_code(app_id: int, end_user_id: int, provider: str, code: str) -> bool:
    """Whether this is the code that this person was shown after consent; what waited for it is connected then."""
    return holding.confirm_code(app_id, end_user_id, provider, code)


def code_tries_left(app_id: int, end_user_id: int, provider: str) -> int | None:
    """How often this person may still try `confirm_code`; None when no page shows them a code now."""
    return flow_of_readiness.code_tries_left(app_id, end_user_id, provider)


def usable_grants(app_ids: Collection[int], end_user_ids: Collection[int]) -> Iterator[UsableGrant]:
    """The grants that calls can be made with now: these Apps' own, and these people's. One query."""
    return flow_of_readiness.usable_grants(app_ids, end_user_ids)


def missing_scopes(app: App, provider: str, operations: Iterable[str]) -> tuple[str, ...]:
    """Scopes that these operations need and the App's own grant lacks; empty where each person authorizes, or nobody
    has yet. Raises UnknownProvider."""
    return scopes.missing_of_app(app, provider, operations)


def record_calls(records: Iterable[CallRecord]) -> None:
    """Stores the records of calls whose results carried unsaved ones, in one statement."""
    CallRecord.objects.bulk_create([record for record in records if record.pk is None])
