"""A page where one of the people makes an API token by hand, as in an Atlassian account's settings."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, abort, make_response, render_template, request

from integrations.sandbox.atlassian.state.records import ApiToken, Person, Site, digest
from integrations.sandbox.atlassian.state.world import World, world

blueprint = Blueprint("tokens", __name__, template_folder="templates")
SCOPES = ["read:jira-work", "write:jira-work", "read:jira-user"]
DAY = 86400.0
LONGEST = 365


@blueprint.get("/site/<name>/tokens")
def form(name: str) -> Response:
    return _page(_site(world(), name))


@blueprint.post("/site/<name>/tokens")
def make(name: str) -> Response:
    """Shows the new token once; only its digest is kept."""
    here = world()
    site, person = _site(here, name), here.person(request.form.get("person"))
    days = request.form.get("days", type=int) or LONGEST
    if person is None or not 1 <= days <= LONGEST:
        abort(400)
    value = here.ledger.note("api_token", secrets.token_urlsafe(32))
    scopes = request.form.getlist("scope") if request.form.get("kind") == "scoped" else None
    with here.store.transaction():
        here.api_tokens.save(ApiToken(digest(value), person.account_id, scopes, here.clock.now() + days * DAY))
    return _page(site, person=person, value=value)


def _page(site: Site, person: Person | None = None, value: str = "") -> Response:
    people = [each for each in world().people.all() if each.account_id in site.members]
    address = site.path(request.host_url)
    return make_response(
        render_template(
            "sandbox/tokens.html", site=site, address=address, people=people, scopes=SCOPES, person=person, value=value
        )
    )


def _site(here: World, name: str) -> Site:
    site = here.site(name)
    if site is None or "jira" not in site.products:
        abort(404)
    return site
