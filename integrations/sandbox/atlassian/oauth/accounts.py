"""What the gateway tells about the account itself: the person, the sites, the closed accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from integrations.sandbox.atlassian.state.world import World, world
from integrations.sandbox.atlassian.wire.exchange import answer

from .bearer import Access, bearer_access

if TYPE_CHECKING:
    from collections.abc import Callable

    from integrations.sandbox.atlassian.state.records import Person, Site

blueprint = Blueprint("accounts", __name__)

CONFLUENCE_SCOPES = ["read:confluence-space.summary", "read:confluence-content.summary"]


def gateway_error(code: int, message: str) -> Response:
    """The gateway's own form of refusal, which is not Jira's."""
    response = jsonify({"code": code, "message": message})
    response.status_code = code
    return response


def _with_access(name: str, work: Callable[[World, Access], Response]) -> Response:
    def do() -> Response:
        here = world()
        access = bearer_access(here, request.authorization)
        if access is None or access.expired:
            return gateway_error(401, "Unauthorized")
        return work(here, access)

    return answer((name, "gateway"), do)


@blueprint.get("/oauth/token/accessible-resources")
def accessible_resources() -> Response:
    """A plain array; a site with two products comes twice under one id."""
    return _with_access("accessible-resources", lambda here, access: jsonify(_resources(here, access)))


@blueprint.get("/me")
def me() -> Response:
    return _with_access("me", _me)


@blueprint.post("/app/report-accounts/")
def report_accounts() -> Response:
    """Atlassian, user privacy guide: 204 as long as no reported account was closed or changed."""
    return _with_access("report-accounts", _report)


def _resources(here: World, access: Access) -> list[dict[str, Any]]:
    sites = (here.sites.get(cloud_id) for cloud_id in access.sites)
    return [
        _resource(site, product, access)
        for site in sites
        if site and access.person.account_id in site.members and access.client_id not in site.uninstalled
        for product in site.products
    ]


def _resource(site: Site, product: str, access: Access) -> dict[str, Any]:
    address = site.path(request.host_url)
    jira = sorted(each for each in access.scopes if "jira" in each)
    return {
        "id": site.cloud_id,
        "url": address,
        "name": site.name,
        "scopes": jira if product == "jira" else CONFLUENCE_SCOPES,
        "avatarUrl": f"{address}/avatar.svg",
    }


def _me(_here: World, access: Access) -> Response:
    if "read:me" not in access.scopes:
        return gateway_error(403, "Forbidden")
    return jsonify(_profile(access.person))


def _profile(person: Person) -> dict[str, Any]:
    profile: dict[str, Any] = {
        "account_type": "atlassian",
        "account_id": person.account_id,
        "name": person.name,
        "nickname": person.key,
        "picture": "",
        "account_status": "active",
        "zoneinfo": person.time_zone,
        "locale": person.locale.replace("_", "-"),
        "extended_profile": {},
    }
    return profile if person.email_hidden else {**profile, "email": person.email}


def _report(here: World, access: Access) -> Response:
    accounts = (request.get_json(silent=True) or {}).get("accounts", [])
    if "report:personal-data" not in access.scopes:
        return gateway_error(401, "Unauthorized; scope does not match")
    if len(accounts) > 90:  # noqa: PLR2004 - the documented limit per call
        return gateway_error(400, "At most 90 accounts may be reported at once")
    closed = [
        {"accountId": each["accountId"], "status": "closed"}
        for each in accounts
        if not here.people.get(each["accountId"])
    ]
    return jsonify({"accounts": closed}) if closed else Response(status=204)
