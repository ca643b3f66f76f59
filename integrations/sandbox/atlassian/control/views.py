"""The control API below `/_sandbox/`: JSON in, JSON out, loopback only."""

from __future__ import annotations

from flask import Response, jsonify, request

from integrations.sandbox.atlassian.state.faults import Fault
from integrations.sandbox.atlassian.state.world import world

from .door import control_blueprint, given
from .readout import grants, issues

blueprint = control_blueprint("control")


@blueprint.post("/reset")
def reset() -> Response:
    world().reset()
    return jsonify({})


@blueprint.post("/clock")
def clock() -> Response:
    """`{"advance": seconds}` or `{"offset": seconds}`."""
    here, asked = world(), given()
    if "offset" in asked:
        here.clock.offset = float(asked["offset"])
    here.clock.advance(float(asked.get("advance", 0)))
    return jsonify({"now": here.clock.now(), "offset": here.clock.offset})


@blueprint.route("/switches", methods=["GET", "POST"])
def switches() -> Response:
    here = world()
    if request.method == "POST":
        here.switches.change(given())
    return jsonify(here.switches.as_dict())


@blueprint.route("/faults", methods=["GET", "POST", "DELETE"])
def faults() -> Response:
    here = world()
    if request.method == "POST":
        here.faults.order(Fault(**given()))
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
