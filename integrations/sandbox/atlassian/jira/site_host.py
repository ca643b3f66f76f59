"""Jira at the site's own address: Basic authentication with an API token, no 3LO tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, jsonify, request

from integrations.sandbox.atlassian.oauth.accounts import gateway_error
from integrations.sandbox.atlassian.oauth.bearer import api_token
from integrations.sandbox.atlassian.state.world import World, world
from integrations.sandbox.atlassian.wire.exchange import answer

from .dispatch import ROOT, Visit, carry_out, find, names
from .gateway import METHODS

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.contract.checker import Match
    from integrations.sandbox.atlassian.state.records import Person, Site

blueprint = Blueprint("site_host", __name__, url_prefix="/site/<name>")
LOGIN_REASON = "X-Seraph-LoginReason"


@blueprint.route("/rest/api/3/<path:rest>", methods=METHODS)
def jira(name: str, rest: str) -> Response:
    match = find(rest)
    return answer(names(match), lambda: _answer(world(), name, ROOT + rest, match))


@blueprint.get("/_edge/tenant_info")
def tenant_info(name: str) -> Response:
    """Gives the cloud id to anybody; undocumented at Atlassian."""
    return jsonify({"cloudId": _site(world(), name).cloud_id})


def _answer(here: World, name: str, path: str, match: Match | None) -> Response:
    site = _site(here, name)
    if request.authorization and request.authorization.type == "bearer":
        return gateway_error(401, "Unauthorized")
    person = _person(here, site)
    response = carry_out(here, Visit(site, person, path, match))
    if person is None and request.authorization:
        # Bad credentials become an anonymous visit: where that is allowed, only this header tells.
        response.headers[LOGIN_REASON] = "AUTHENTICATED_FAILED"
    return response


def _person(here: World, site: Site) -> Person | None:
    token, person = api_token(here, request.authorization)
    if token is None or person is None or token.scopes is not None:
        return None
    return person if person.account_id in site.members else None


def _site(here: World, name: str) -> Site:
    site = here.site(name)
    if site is None or "jira" not in site.products:
        abort(404)
    return site
