"""Jira behind the gateway: token, site, scope, and only then Jira itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from integrations.sandbox.atlassian.oauth.accounts import gateway_error
from integrations.sandbox.atlassian.oauth.bearer import Access, bearer_access, scoped_access
from integrations.sandbox.atlassian.state.world import World, world
from integrations.sandbox.atlassian.wire.exchange import answer

from .dispatch import ROOT, Visit, carry_out, find, names

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.contract.checker import Match
    from integrations.sandbox.atlassian.state.records import Site

blueprint = Blueprint("gateway", __name__)
METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


@blueprint.route("/ex/jira/<cloud_id>/rest/api/3/<path:rest>", methods=METHODS)
def jira(cloud_id: str, rest: str) -> Response:
    match = find(rest)
    return answer(names(match), lambda: _answer(world(), cloud_id, ROOT + rest, match))


def _answer(here: World, cloud_id: str, path: str, match: Match | None) -> Response:
    access = bearer_access(here, request.authorization) or scoped_access(here, request.authorization)
    if access is None:
        return gateway_error(401, "Unauthorized")
    if access.expired:
        return _expired(here.switches.expired_status)
    site = here.sites.get(cloud_id)
    if site is None or not _installed(site, access):
        return gateway_error(403, "The app is not installed on this instance")
    if match and not match.operation.allowed_by(access.scopes):
        return gateway_error(401, "Unauthorized; scope does not match")
    return carry_out(here, Visit(site, access.person, path, match))


def _installed(site: Site, access: Access) -> bool:
    covered = site.cloud_id in access.sites and access.person.account_id in site.members
    return covered and "jira" in site.products and access.client_id not in site.uninstalled


def _expired(status: int) -> Response:
    """401 by default; the gateway has been seen to answer 403 or 404 for an expired token."""
    words = {401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}
    return gateway_error(status, words.get(status, "Unauthorized"))
