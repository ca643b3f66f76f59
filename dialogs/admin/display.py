"""How values look on the pages of this package."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html

from dialogs.flows.redaction import shown
from dialogs.models import Conversation, PublishState

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from dialogs.models import DialogTask

STATE_TONES = {PublishState.DRAFT: "off", PublishState.PUBLISHED: "ok", PublishState.CHANGED: "warn"}
STATUS_TONES = {
    Conversation.Status.OPEN: "ok",
    Conversation.Status.WAITING: "warn",
    Conversation.Status.AWAITING: "info",
    Conversation.Status.ENDED: "off",
}


def badge(text: Any, tone: str = "off") -> SafeString:
    return format_html('<span class="xo-badge xo-badge--{}">{}</span>', tone, text)


def state_badge(task: DialogTask) -> SafeString:
    return badge(task.state.label, STATE_TONES[task.state])


def status_badge(conversation: Conversation) -> SafeString:
    status = Conversation.Status(conversation.status)
    return badge(status.label, STATUS_TONES[status])


def pretty_json(value: Any) -> SafeString | str:
    """Indented JSON; redacted once more, so that a row written by older code shows nothing either."""
    if value in (None, {}, []):
        return "-"
    text = json.dumps(shown(value), indent=2, ensure_ascii=False)
    return format_html('<pre class="xo-pre" tabindex="0">{}</pre>', text)


def older_page(request: HttpRequest, last: int) -> str:
    """The address of what comes before row ``last`` in a list that is searched, for the same search."""
    query = request.GET.copy()
    query["before"] = str(last)
    return f"?{query.urlencode()}"
