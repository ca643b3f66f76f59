"""The stand-in as one Flask app: every host of Atlassian's is a path of it."""

from __future__ import annotations

from flask import Flask, Response, request

from .consent.views import blueprint as consent
from .control.oracle import blueprint as oracle
from .control.scene import blueprint as scene
from .control.views import blueprint as control
from .jira.gateway import blueprint as gateway
from .jira.pages import blueprint as pages
from .jira.site_host import blueprint as site_host
from .jira.tokens import blueprint as tokens
from .oauth.accounts import blueprint as accounts
from .oauth.server import build_server
from .oauth.views import blueprint as oauth
from .state.store import Store
from .state.world import DefaultClient, World

COOKIE = "sandbox_atlassian_session"


def create_app(state: str | None = None, default_client: DefaultClient | None = None) -> Flask:
    """The app. `state` is the file that keeps grants and issues; without it they live in memory."""
    app = Flask(__name__, static_folder=None)
    here = World(Store(state), default_client or DefaultClient())
    app.extensions["sandbox"] = here
    # A name of its own: cookies do not tell ports apart, and the product runs on the same host.
    app.config.update(SECRET_KEY=here.secret_key(), SESSION_COOKIE_NAME=COOKIE, SESSION_COOKIE_SAMESITE="Lax")
    app.json.sort_keys = False  # type: ignore[attr-defined] # the default provider has it
    # A cut connection must reach the server as what it is, not as a page about an error.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    build_server(app)
    for blueprint in (consent, oauth, accounts, gateway, site_host, pages, tokens, control, scene, oracle):
        app.register_blueprint(blueprint)
    app.before_request(_read_body)
    app.after_request(_no_cache)
    return app


def _read_body() -> None:
    """Reads the body whether or not a view needs it: what is left unread would spoil a kept connection."""
    request.get_data(cache=True, parse_form_data=False)


def _no_cache(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    return response
