"""What the stand-in knows about tokens: the truth by which tests judge what the product has stored.

Loopback only, since here secrets are shown in plain text.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from flask import Response, abort, jsonify, request

from integrations.sandbox.atlassian.oauth.tokens import reachable_sites, trouble_with
from integrations.sandbox.atlassian.state.records import digest
from integrations.sandbox.atlassian.state.world import World, world

from .door import control_blueprint, given

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.records import RefreshToken

blueprint = control_blueprint("oracle")


@blueprint.before_request
def _loopback_only() -> None:
    if not ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104 -- an address that is refused
        abort(403)


@blueprint.get("/issued")
def issued() -> Response:
    """Every secret given out since the last reset: a list of `{"kind", "value"}`."""
    return jsonify(world().ledger.secrets())


@blueprint.get("/exchanges")
def exchanges() -> Response:
    """Every refresh of a known token since the last reset in order, carried out or refused, answered or not."""
    return jsonify(world().ledger.exchanges())


@blueprint.get("/refresh-tokens")
def refresh_tokens() -> Response:
    """What is known about every refresh token, by digest."""
    here = world()
    with here.store.transaction():
        return jsonify([_refresh_token(here, each) for each in here.refresh_tokens.all()])


@blueprint.post("/refresh-tokens")
def refresh_token() -> Response:
    """`{"token": value}` or `{"digest": …}`: whether it would be accepted now, and why not. Nothing is changed."""
    here, wanted = world(), _digest()
    with here.store.transaction():
        found = here.refresh_tokens.get(wanted)
        return jsonify({"digest": wanted, "known": False} if found is None else _refresh_token(here, found))


@blueprint.post("/access-tokens")
def access_token() -> Response:
    """`{"token": value}` or `{"digest": …}`: whose it is, how far it reaches, and for how long (seconds)."""
    here, wanted = world(), _digest()
    with here.store.transaction():
        found = here.access_tokens.get(wanted)
        if found is None:
            return jsonify({"digest": wanted, "known": False})
        lives = found.expires_at - here.clock.now()
        return jsonify({"digest": wanted, "known": True, "lives": lives, **_family(here, found.family)})


def _digest() -> str:
    asked = given()
    return str(asked["digest"]) if "digest" in asked else digest(str(asked["token"]))


def _refresh_token(here: World, token: RefreshToken) -> dict[str, Any]:
    now, trouble = here.clock.now(), trouble_with(here, token)
    return {
        "digest": token.digest,
        "known": True,
        "current": token.superseded_at is None,
        "superseded_since": None if token.superseded_at is None else now - token.superseded_at,
        "accepted": not trouble,
        "trouble": trouble,
        **_family(here, token.family),
    }


def _family(here: World, family_id: str) -> dict[str, Any]:
    family = here.families.get(family_id)
    if family is None:
        return {"family": family_id, "revoked": "unknown"}
    grant = here.grants.get(family.grant_key)
    return {
        "family": family.id,
        "revoked": family.revoked or (grant.revoked if grant else "no grant"),
        "client_id": family.client_id,
        "account_id": family.account_id,
        "sites": reachable_sites(here, family),
    }
