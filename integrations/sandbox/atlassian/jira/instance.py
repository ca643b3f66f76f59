"""What Jira says about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, jsonify

from . import rendering
from .access import administers
from .errors import refused

if TYPE_CHECKING:
    from .call import Call


def get_server_info(call: Call) -> Response:
    return jsonify(
        {
            "baseUrl": call.base,
            "version": "1001.0.0-SNAPSHOT",
            "versionNumbers": [1001, 0, 0],
            "deploymentType": "Cloud",
            "buildNumber": 100_000,
            "serverTime": rendering.timestamp(call, call.here.clock.now()),
            "serverTitle": f"{call.site.title} (sandbox)",
            "serverTimeZone": call.site.time_zone,
        }
    )


def get_license(call: Call) -> Response:
    """The plan of the site: FREE, PAID or UNLICENSED. For administrators only."""
    if not administers(call):
        raise refused(403, "may_not_administer")
    return jsonify({"applications": [{"id": "jira-software", "plan": call.site.plan}]})
