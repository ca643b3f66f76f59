"""How values look on the admin's pages: badges, times, JSON and what can be copied."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.html import format_html

from integrations.models import Action, Connection, OperationCall, TokenRefresh
from xoplatform.logs import redact

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.safestring import SafeString

GOOD, WARN, BAD, OFF = "ok", "warn", "error", "off"

ACTION_TONES = {
    Action.Status.ENABLED: GOOD,
    Action.Status.ERROR: BAD,
}
CONNECTION_TONES = {
    Connection.State.CONNECTED: GOOD,
    Connection.State.CHOOSING_SITE: WARN,
    Connection.State.NEEDS_AUTHORIZATION: BAD,
}
CALL_TONES = {
    OperationCall.Status.SUCCEEDED: GOOD,
    OperationCall.Status.FAILED: BAD,
    OperationCall.Status.UNKNOWN: WARN,
}

REFRESH_TONES = {
    TokenRefresh.Outcome.RENEWED: GOOD,
    TokenRefresh.Outcome.UNAVAILABLE: WARN,
    TokenRefresh.Outcome.CLIENT_REFUSED: WARN,
    TokenRefresh.Outcome.LOST: BAD,
}


def badge(text: Any, tone: str = OFF) -> SafeString:
    """A state in a word, with a dot in the tone's colour."""
    return format_html('<span class="xo-badge xo-badge--dot xo-badge--{}">{}</span>', tone, text)


def action_badge(action: Action) -> SafeString:
    return badge(action.get_status_display(), ACTION_TONES.get(Action.Status(action.status), OFF))


def connection_badge(connection: Connection) -> SafeString:
    return badge(connection.get_state_display(), CONNECTION_TONES.get(Connection.State(connection.state), OFF))


def call_badge(call: OperationCall) -> SafeString:
    return badge(call.get_status_display(), CALL_TONES.get(OperationCall.Status(call.status), OFF))


def refresh_badge(row: TokenRefresh) -> SafeString:
    return badge(row.get_outcome_display(), REFRESH_TONES.get(TokenRefresh.Outcome(row.outcome), OFF))


def moment(value: datetime | None, never: str = "never") -> SafeString | str:
    """A time relative to now ("3 minutes ago", "in 42 minutes"), the exact one on hover."""
    if value is None:
        return never
    now = timezone.now()
    distance = _distance(abs((value - now).total_seconds()))
    relative = distance and (f"{distance} ago" if value <= now else f"in {distance}")
    exact = format_date(timezone.localtime(value), "j M Y, H:i T")
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), exact, relative or "just now")


def _distance(seconds: float) -> str:
    """Whole minutes, hours or days, whichever suits; empty below a minute."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {name}{'s' if count > 1 else ''}"
    return ""


def pretty_json(value: Any) -> SafeString | str:
    """Indented JSON; redacted once more, so that a record written by older code shows nothing either."""
    if not value:
        return "-"
    text = json.dumps(redact(value), indent=2, ensure_ascii=False, sort_keys=False)
    return format_html('<pre class="xo-pre" tabindex="0">{}</pre>', text)


def copyable(value: str, label: str) -> SafeString:
    """A value to be registered elsewhere, with a button that copies it."""
    return format_html(
        '<span class="xo-copy"><code class="xo-code">{}</code>'
        '<button type="button" class="xo-button xo-button--small" data-copy="{}" aria-label="Copy {}">Copy</button>'
        "</span>",
        value,
        value,
        label,
    )
