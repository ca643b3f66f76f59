"""Signing in as one of the people, and the consent page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from authlib.oauth2 import OAuth2Error
from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, session, url_for

from integrations.sandbox.atlassian.oauth.code_grant import Consent
from integrations.sandbox.atlassian.state.world import World, world
from integrations.sandbox.atlassian.wire.exchange import answer

from .problems import ConsentProblem, check_request, check_sites
from .scopes import in_words

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.records import Client, Person, Site

blueprint = Blueprint("consent", __name__, template_folder="templates", static_folder="static")


@blueprint.errorhandler(ConsentProblem)
def problem(error: ConsentProblem) -> Response:
    return make_response(render_template("sandbox/problem.html", problem=error), error.status)


@blueprint.get("/login")
def login() -> Response:
    return make_response(render_template("sandbox/login.html", people=world().people.all(), goal=_goal(request.args)))


@blueprint.post("/login")
def signed_in() -> Response:
    person = world().person(request.form.get("person"))
    if person is None:
        raise ConsentProblem("login_required", "Choose a person to sign in as.")
    session["account_id"] = person.account_id
    return _to(_goal(request.form))


@blueprint.get("/authorize")
def authorize() -> Response:
    """The consent page; before it, sign-in. Mistakes of the app show only after sign-in, as at Atlassian."""
    return answer(("authorize",), _consent_page)


@blueprint.post("/authorize")
def decide() -> Response:
    """Accept leads to the callback with a code, Cancel with an error."""
    return answer(("authorize.decision",), _decision)


def _consent_page(problem: str = "") -> Response:
    here, person = world(), _person()
    if person is None:
        return _to(f"{url_for('consent.login')}?{urlencode({'continue': _here()})}")
    client = _checked(here, person)
    page = render_template(
        "sandbox/consent.html",
        client=client,
        person=person,
        sites=_sites_of(here, person),
        chosen=request.form.getlist("site"),
        scopes=in_words(request.args.get("scope", "")),
        other_account=f"{url_for('consent.login')}?{urlencode({'continue': _here()})}",
        problem=problem,
    )
    return make_response(page, 400 if problem else 200)


def _decision() -> Response:
    here, person = world(), _person()
    if person is None:
        return _consent_page()
    _checked(here, person)
    if request.form.get("action") != "accept":
        return _finish(None)
    offered = _sites_of(here, person)
    chosen = [site for site in offered if site.name in request.form.getlist("site")]
    if offered and not chosen:
        return _consent_page("Choose a site to go on.")
    check_sites(person, chosen)
    return _finish(Consent(person, [site.cloud_id for site in chosen]))


def _checked(here: World, person: Person) -> Client:
    client = check_request(here, person, request.args.to_dict())
    try:
        _server().get_consent_grant(end_user=person)
    except OAuth2Error as error:
        raise ConsentProblem(error.error, error.get_error_description()) from error
    return client


def _finish(consent: Consent | None) -> Response:
    grant = _server().get_consent_grant(end_user=consent)
    response: Response = _server().create_authorization_response(grant_user=consent, grant=grant)
    return response


def _server() -> Any:
    return current_app.extensions["sandbox_oauth"]


def _person() -> Person | None:
    return world().people.get(session.get("account_id"))


def _sites_of(here: World, person: Person) -> list[Site]:
    return [site for site in here.sites.all() if person.account_id in site.members]


def _here() -> str:
    return f"{request.path}?{request.query_string.decode()}"


def _goal(values: Any) -> str:
    """Where to go after sign-in: only ever to the consent page of this server."""
    goal = str(values.get("continue", ""))
    return goal if goal.startswith("/authorize?") else "/"


def _to(address: str) -> Response:
    return make_response(redirect(address, code=303 if request.method == "POST" else 302))
