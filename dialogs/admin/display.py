"""How values look on the pages of this package."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from django.utils.html import format_html

from dialogs.models import Conversation, PublishState
from xoplatform.logs import HIDDEN, redact

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from dialogs.models import DialogTask

#: The address of an authorization link; what follows is its token.
LINK: Final = re.compile(r"(/authorize/)[\w-]{20,}/?", re.ASCII)
STATE_TONES = {PublishState.DRAFT: "off", PublishState.PUBLISHED: "ok", PublishState.CHANGED: "warn"}
STATUS_TONES = {
    Conversation.Status.OPEN: "ok",
    Conversation.Status.WAITING: "warn",
    Conversation.Status.ENDED: "off",
}


def badge(text: Any, tone: str = "off") -> SafeString:
    return format_html('<span class="xo-badge xo-badge--{}">{}</span>', tone, text)


def state_badge(task: DialogTask) -> SafeString:
    return badge(task.state.label, STATE_TONES[task.state])


def status_badge(conversation: Conversation) -> SafeString:
    status = Conversation.Status(conversation.status)
    return badge(status.label, STATUS_TONES[status])


def without_links(text: str) -> str:
    """A text whose authorization links cannot be opened: they are for one person, and no one else's to use."""
    return LINK.sub(rf"\g<1>{HIDDEN}/", text)


def pretty_json(value: Any) -> SafeString | str:
    """Indented JSON; redacted once more, so that a row written by older code shows nothing either."""
    if value in (None, {}, []):
        return "-"
    text = without_links(json.dumps(redact(value), indent=2, ensure_ascii=False))
    return format_html('<pre class="xo-pre" tabindex="0">{}</pre>', text)
