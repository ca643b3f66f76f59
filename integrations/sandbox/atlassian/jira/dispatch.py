"""From a request to the operation that answers it, through the contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, request

from integrations.sandbox.atlassian.contract.checker import Match, contract
from integrations.sandbox.atlassian.wire.limits import quota_headers

from .call import Call
from .errors import JiraError, refused
from .operations import OPERATIONS

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.records import Person, Site
    from integrations.sandbox.atlassian.state.world import World

ROOT = "/rest/api/3/"
REMOVED = f"{ROOT}search"


@dataclass(frozen=True)
class Visit:
    """A request at the door of a site's Jira; `match` is None for what the contract does not have."""

    site: Site
    actor: Person | None
    path: str
    match: Match | None


def names(match: Match | None) -> tuple[str, ...]:
    """What the request is counted as, and what troubles may be ordered for."""
    return (match.operation.id if match else "unknown", "jira")


def find(rest: str) -> Match | None:
    return contract().match(request.method, ROOT + rest)


def carry_out(here: World, visit: Visit) -> Response:
    """Jira's answer, with the headers that every answer of Jira's carries."""
    try:
        response = _answer(here, visit)
    except JiraError as error:
        response = error.response(visit.actor.locale if visit.actor else "en_US")
    if visit.actor:
        response.headers["X-AAccountId"] = visit.actor.account_id
    response.headers.update(quota_headers(here, near=here.switches.near_limit))
    return response


def _answer(here: World, visit: Visit) -> Response:
    if visit.match is None:
        gone = visit.path.rstrip("/") == REMOVED
        raise refused(410, "search_removed") if gone else refused(404, "no_such_api", path=visit.path)
    if visit.actor is None and not (visit.match.operation.anonymous and request.method == "GET"):
        raise refused(401, "authenticate")
    parameters = _held_to_contract(here, visit, visit.match)
    body = request.get_json(silent=True) if request.get_data() else {}
    call = Call(here, visit.site, visit.actor, visit.site.path(request.host_url), parameters, body or {})
    return OPERATIONS[visit.match.operation.id](call)


def _held_to_contract(here: World, visit: Visit, match: Match) -> dict[str, object]:
    checked = contract().check(request, match, visit.path)
    seen = {"operation": match.operation.id, "path": visit.path}
    if checked.unknown:
        here.counts.warnings.append({**seen, "unknown_parameters": checked.unknown})
    if checked.violations:
        here.counts.violations.append({**seen, "violations": checked.violations})
        raise refused(400, "contract", words="; ".join(checked.violations))
    return checked.parameters
