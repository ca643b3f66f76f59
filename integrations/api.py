"""The door: what dialogs may ask of integrations. The other one is `integrations.signals`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from integrations.catalog import registry
from integrations.catalog.operations import JSON
from integrations.catalog.templates import TemplateInfo
from integrations.flows import configure, holding, reconcile, refresh, scopes
from integrations.flows import readiness as flow_of_readiness
from integrations.flows.call import call as call_operation
from integrations.flows.call_result import CallResult, Outcome
from integrations.flows.call_retention import empty_calls
from integrations.flows.free import FreeRequest
from integrations.flows.free import send_free as send_request
from integrations.flows.grants_in_hand import GrantsInHand
from integrations.flows.links.giving import LinkInfo, give_link
from integrations.flows.profile_outlines import profile_outlines
from integrations.flows.readiness import Readiness, UsableGrant
from integrations.flows.reconcile import SECONDS as LOOK_SECONDS
from integrations.flows.reconcile import Lost, Reconciled
from integrations.flows.refresh import AccessToken
from integrations.models import AuthorizationProfile
from integrations.models import OperationCall as CallRecord
from integrations.models.statements import add_calls, start_call

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from integrations.models import Action
    from xoplatform.models import App

__all__ = [
    "JSON",
    "LOOK_SECONDS",
    "AccessToken",
    "CallRecord",
    "CallResult",
    "FreeRequest",
    "GrantsInHand",
    "LinkInfo",
    "Lost",
    "OperationInfo",
    "Outcome",
    "ProviderInfo",
    "Readiness",
    "Reconciled",
    "TemplateInfo",
    "UsableGrant",
    "access_token",
    "actions_of",
    "authorization_link",
    "call_operation",
    "can_look",
    "code_tries_left",
    "confirm_code",
    "empty_calls",
    "look_for",
    "may_invite",
    "missing_scopes",
    "operations",
    "profile_names",
    "profile_outlines",
    "providers",
    "readiness",
    "record_calls",
    "record_start",
    "send_request",
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


def can_look(provider: str, operation: str) -> bool:
    """Whether a call of this operation can be looked for when its answer was lost."""
    return reconcile.can_look(provider, operation)


def look_for(lost: Lost) -> Reconciled:
    """Looks for what a call did whose answer was lost; takes `LOOK_SECONDS` at most. Only where `can_look` says so.

    Open no database transaction around it.
    """
    return reconcile.look_for(lost)


def profile_names(app_id: int) -> list[str]:
    """The names of the App's authorization profiles, in order. One query."""
    return list(AuthorizationProfile.objects.filter(app_id=app_id).order_by("name").values_list("name", flat=True))


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


def missing_scopes(app: App, provider: str, used: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Scopes that the operations of each of ``used`` need and the App's own grant lacks; none where each person
    authorizes, or nobody has yet. One query. Raises UnknownProvider."""
    return scopes.missing_of_app(app, provider, used)


def record_start(record: CallRecord) -> None:
    """Stores a call that is about to leave; its own transaction, or the caller's."""
    if record.pk is None:
        start_call(record)
    else:
        record.save()


def record_calls(records: Iterable[CallRecord]) -> None:
    """Stores the records of calls whose results carried unsaved ones, in one statement."""
    add_calls([record for record in records if record.pk is None])
