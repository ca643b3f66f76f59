"""The control API below `/_sandbox/`: JSON in, JSON out, loopback only."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from integrations.sandbox.atlassian.oauth.tokens import revoke_grant
from integrations.sandbox.atlassian.state.faults import Fault
from integrations.sandbox.atlassian.state.jira_records import Project
from integrations.sandbox.atlassian.state.records import ApiToken, Client, Person, Site, digest
from integrations.sandbox.atlassian.state.world import World, world

from .readout import grants, issues

blueprint = Blueprint("control", __name__, url_prefix="/_sandbox")


@blueprint.errorhandler(TypeError)
@blueprint.errorhandler(KeyError)
@blueprint.errorhandler(ValueError)
def wrong(error: Exception) -> tuple[Response, int]:
    """A test that sets the scene wrongly must hear of it."""
    return jsonify({"error": f"{type(error).__name__}: {error}"}), 400


@blueprint.post("/reset")
def reset() -> Response:
    world().reset()
    return jsonify({})


@blueprint.post("/clock")
def clock() -> Response:
    """`{"advance": seconds}` or `{"offset": seconds}`."""
    here, given = world(), _given()
    if "offset" in given:
        here.clock.offset = float(given["offset"])
    here.clock.advance(float(given.get("advance", 0)))
    return jsonify({"now": here.clock.now(), "offset": here.clock.offset})


@blueprint.route("/switches", methods=["GET", "POST"])
def switches() -> Response:
    here = world()
    if request.method == "POST":
        here.switches.change(_given())
    return jsonify(here.switches.as_dict())


@blueprint.route("/faults", methods=["GET", "POST", "DELETE"])
def faults() -> Response:
    here = world()
    if request.method == "POST":
        here.faults.order(Fault(**_given()))
    if request.method == "DELETE":
        here.faults.lift()
    return jsonify(here.faults.as_list())


@blueprint.route("/counts", methods=["GET", "DELETE"])
def counts() -> Response:
    here = world()
    if request.method == "DELETE":
        here.forget_counts()
    return jsonify(here.counts.as_dict())


@blueprint.get("/issues")
def read_issues() -> Response:
    return jsonify(issues(world()))


@blueprint.get("/grants")
def read_grants() -> Response:
    return jsonify(grants(world()))


@blueprint.post("/grants/revoke")
def revoke() -> Response:
    """`{"person": …, "client_id": …?, "reason": …?}` ends the person's grants as under Connected apps."""
    here, given = world(), _given()
    person = _person(here, given["person"])
    found = [
        each
        for each in here.grants.all()
        if each.account_id == person.account_id
        and given.get("client_id") in (None, each.client_id)
        and not each.revoked
    ]
    with here.store.transaction():
        for grant in found:
            revoke_grant(here, grant, str(given.get("reason", "revoked by the person")))
    return jsonify({"revoked": len(found)})


@blueprint.post("/uninstall")
def uninstall() -> Response:
    """`{"site": …, "client_id": …?}` removes the app from a site, as its administrator can."""
    here, given = world(), _given()
    site = _site(here, given["site"])
    client = given.get("client_id", here.default_client.client_id)
    with here.store.transaction():
        site.uninstalled = [*site.uninstalled, client]
        here.sites.save(site)
    return jsonify({})


@blueprint.post("/people")
def people() -> Response:
    """Creates a person, or changes one of the same account id."""
    given = _given()
    given.setdefault("account_id", f"712020:0000-{given['key']}")
    return _kept(world(), "people", Person(**given))


@blueprint.post("/sites")
def sites() -> Response:
    """Creates a site or changes some fields of one, found by its name; members are given by short name."""
    here, given = world(), _given()
    for role in ("members", "admins", "without_jira"):
        if role in given:
            given[role] = [_person(here, each).account_id for each in given[role]]
    known = here.site(given["name"])
    usual = asdict(known) if known else {"cloud_id": secrets.token_hex(16), "title": given["name"].title()}
    return _kept(here, "sites", Site(**{**usual, **given}))


@blueprint.post("/projects")
def projects() -> Response:
    """Creates a project or changes some fields of one, found by site and key."""
    here, given = world(), _given()
    site = _site(here, given.pop("site"))
    known = next((each for each in here.projects.all() if (each.site, each.key) == (site.cloud_id, given["key"])), None)
    usual = asdict(known) if known else {"id": str(here.number("project", 20_000)), "lead": "", "name": given["key"]}
    if "denied" in given:
        given["denied"] = {_person(here, each).account_id: names for each, names in given["denied"].items()}
    if given.get("only") is not None:
        given["only"] = [_person(here, each).account_id for each in given["only"]]
    return _kept(here, "projects", Project(**{**usual, **given, "site": site.cloud_id}))


@blueprint.post("/clients")
def clients() -> Response:
    """Registers an app or changes some fields of one, as its developer can in the console."""
    here, given = world(), _given()
    given.setdefault("client_id", here.default_client.client_id)
    if secret := given.pop("client_secret", None):
        given["secret_digest"] = digest(secret)
    if owner := given.get("owner"):
        given["owner"] = _person(here, owner).account_id
    known = here.clients.get(given["client_id"])
    client = Client(**{**(asdict(known) if known else {"name": "Another app"}), **given})
    with here.store.transaction():
        here.clients.save(client)
    return jsonify({name: value for name, value in asdict(client).items() if name != "secret_digest"})


@blueprint.post("/api-tokens")
def api_tokens() -> Response:
    """`{"person": …, "scopes": […]?, "expires_in": seconds?}`; the token is in the answer, and nowhere else."""
    here, given = world(), _given()
    value = secrets.token_urlsafe(32)
    lifetime = given.get("expires_in")
    expires = None if lifetime is None else here.clock.now() + float(lifetime)
    with here.store.transaction():
        account = _person(here, given["person"]).account_id
        here.api_tokens.save(ApiToken(digest(value), account, given.get("scopes"), expires))
    return jsonify({"token": value})


def _given() -> dict[str, Any]:
    """The body. JSON is insisted upon: no page of another origin can send it without asking first."""
    document = request.get_json()
    if not isinstance(document, dict):
        abort(400)
    return document


def _kept(here: World, collection: str, record: Any) -> Response:
    with here.store.transaction():
        getattr(here, collection).save(record)
    return jsonify(asdict(record))


def _person(here: World, name: str) -> Person:
    if (person := here.person(name)) is None:
        raise ValueError(name)
    return person


def _site(here: World, name: str) -> Site:
    if (site := here.site(name)) is None:
        raise ValueError(name)
    return site
