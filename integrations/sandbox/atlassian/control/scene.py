"""Setting the scene: who exists, what they may do, and what an administrator has taken away."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Any

from flask import Response, jsonify

from integrations.sandbox.atlassian.oauth.code_grant import grant_to
from integrations.sandbox.atlassian.oauth.tokens import issue, new_family, revoke_grant
from integrations.sandbox.atlassian.state.jira_records import Project
from integrations.sandbox.atlassian.state.records import ApiToken, Client, Person, Site, digest
from integrations.sandbox.atlassian.state.world import World, world

from .door import control_blueprint, given

blueprint = control_blueprint("scene")
USUAL_SCOPE = "read:jira-work write:jira-work read:jira-user read:me offline_access"


@blueprint.post("/grants")
def consented() -> Response:
    """`{"person": …, "sites": […], "scope": …?, "client_id": …?}`: the token answer of a consent without its pages."""
    here, asked = world(), given()
    client = here.clients.get(asked.get("client_id", here.default_client.client_id))
    person, sites = _person(here, asked["person"]), [_site(here, each).cloud_id for each in asked["sites"]]
    if client is None:
        raise ValueError(asked["client_id"])
    scope = str(asked.get("scope", USUAL_SCOPE))
    with here.store.transaction():
        grant_to(here, client.client_id, person.account_id, scope, sites)
        bound = sites if client.mode == "resource" else None
        family = new_family(here, client_id=client.client_id, account_id=person.account_id, scope=scope, sites=bound)
        return jsonify(issue(here, family))


@blueprint.post("/grants/revoke")
def revoke() -> Response:
    """`{"person": …, "client_id": …?, "reason": …?}` ends the person's grants as under Connected apps."""
    here, asked = world(), given()
    person = _person(here, asked["person"])
    found = [
        each
        for each in here.grants.all()
        if each.account_id == person.account_id
        and asked.get("client_id") in (None, each.client_id)
        and not each.revoked
    ]
    with here.store.transaction():
        for grant in found:
            revoke_grant(here, grant, str(asked.get("reason", "revoked by the person")))
    return jsonify({"revoked": len(found)})


@blueprint.post("/uninstall")
def uninstall() -> Response:
    """`{"site": …, "client_id": …?}` removes the app from a site, as its administrator can."""
    here, asked = world(), given()
    site = _site(here, asked["site"])
    client = asked.get("client_id", here.default_client.client_id)
    with here.store.transaction():
        site.uninstalled = [*site.uninstalled, client]
        here.sites.save(site)
    return jsonify({})


@blueprint.post("/people")
def people() -> Response:
    """Creates a person, or changes one of the same account id."""
    asked = given()
    asked.setdefault("account_id", f"712020:0000-{asked['key']}")
    return _kept(world(), "people", Person(**asked))


@blueprint.post("/sites")
def sites() -> Response:
    """Creates a site or changes some fields of one, found by its name; members are given by short name."""
    here, asked = world(), given()
    for role in ("members", "admins", "without_jira"):
        if role in asked:
            asked[role] = [_person(here, each).account_id for each in asked[role]]
    known = here.site(asked["name"])
    usual = asdict(known) if known else {"cloud_id": secrets.token_hex(16), "title": asked["name"].title()}
    return _kept(here, "sites", Site(**{**usual, **asked}))


@blueprint.post("/projects")
def projects() -> Response:
    """Creates a project or changes some fields of one, found by site and key."""
    here, asked = world(), given()
    site = _site(here, asked.pop("site"))
    known = next((each for each in here.projects.all() if (each.site, each.key) == (site.cloud_id, asked["key"])), None)
    usual = asdict(known) if known else {"id": str(here.number("project", 20_000)), "lead": "", "name": asked["key"]}
    if "denied" in asked:
        asked["denied"] = {_person(here, each).account_id: names for each, names in asked["denied"].items()}
    if asked.get("only") is not None:
        asked["only"] = [_person(here, each).account_id for each in asked["only"]]
    return _kept(here, "projects", Project(**{**usual, **asked, "site": site.cloud_id}))


@blueprint.post("/clients")
def clients() -> Response:
    """Registers an app or changes some fields of one, as its developer can in the console."""
    here, asked = world(), given()
    asked.setdefault("client_id", here.default_client.client_id)
    if secret := asked.pop("client_secret", None):
        asked["secret_digest"] = digest(here.ledger.note("client_secret", secret))
    if owner := asked.get("owner"):
        asked["owner"] = _person(here, owner).account_id
    known = here.clients.get(asked["client_id"])
    client = Client(**{**(asdict(known) if known else {"name": "Another app"}), **asked})
    with here.store.transaction():
        here.clients.save(client)
    return jsonify({name: value for name, value in asdict(client).items() if name != "secret_digest"})


@blueprint.post("/api-tokens")
def api_tokens() -> Response:
    """`{"person": …, "scopes": […]?, "expires_in": seconds?}`; the token is in the answer, and nowhere else."""
    here, asked = world(), given()
    value = here.ledger.note("api_token", secrets.token_urlsafe(32))
    lifetime = asked.get("expires_in")
    expires = None if lifetime is None else here.clock.now() + float(lifetime)
    with here.store.transaction():
        account = _person(here, asked["person"]).account_id
        here.api_tokens.save(ApiToken(digest(value), account, asked.get("scopes"), expires))
    return jsonify({"token": value})


@blueprint.post("/move")
def move() -> Response:
    """`{"key": …, "to": project key}` moves an issue: it gets a new key and still answers to the old one."""
    here, asked = world(), given()
    issue = next(each for each in here.issues.all() if each.key == asked["key"])
    home = next(each for each in here.projects.all() if each.id == issue.project)
    goal = next(each for each in here.projects.all() if (each.site, each.key) == (home.site, asked["to"]))
    with here.store.transaction():
        goal.issues_made += 1
        issue.former_keys = [*issue.former_keys, issue.key]
        issue.project, issue.key = goal.id, f"{goal.key}-{goal.issues_made}"
        here.projects.save(goal)
        here.keep_issue(issue)
    return jsonify({"key": issue.key})


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
