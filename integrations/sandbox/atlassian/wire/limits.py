"""Rate-limit headers and answers (Atlassian, Rate limiting)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from flask import Response, jsonify

from integrations.sandbox.atlassian.state.clock import iso_minute

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.faults import Fault
    from integrations.sandbox.atlassian.state.world import World

HOUR = 3600
#: Limit and usual Retry-After (None: until the top of the hour) by reason.
REASONS: dict[str, tuple[int, int | None]] = {
    "jira-quota-global-based": (65_000, None),
    "jira-quota-tenant-based": (65_000, None),
    "jira-burst-based": (350, 1),
    "jira-per-issue-on-write": (20, 2),
}
QUOTA = '"global-app-quota"'


def rate_limited(here: World, fault: Fault) -> Response:
    """429 for the fault's reason; bare without the headers, as a gateway was seen to send it."""
    response = jsonify({"code": 429, "message": "Rate limit exceeded"})
    response.status_code = 429
    if not fault.bare:
        response.headers.update(_headers(here, fault))
    return response


def quota_headers(here: World, *, near: bool) -> dict[str, str]:
    """What a successful answer says about the hourly points; the rest of the quota only near its end."""
    reset = int(HOUR - here.clock.now() % HOUR)
    headers = {
        "X-RateLimit-Limit": "350",
        "X-RateLimit-Remaining": "20" if near else "340",
        "X-RateLimit-NearLimit": "true" if near else "false",
        "Beta-RateLimit-Policy": f"{QUOTA};q=65000;w={HOUR}",
    }
    if near:
        headers["Beta-RateLimit"] = f"{QUOTA};r=11000;t={reset}"
    return headers


def _headers(here: World, fault: Fault) -> dict[str, str]:
    limit, usual = REASONS.get(fault.reason, (350, 1))
    now = here.clock.now()
    wait = next(each for each in (fault.retry_after, usual, math.ceil(HOUR - now % HOUR)) if each is not None)
    return {
        "Retry-After": str(wait),
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": iso_minute(now + wait),
        "X-RateLimit-NearLimit": "true",
        "RateLimit-Reason": fault.reason,
    }
