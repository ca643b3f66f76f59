"""Authorization links: made, sent, opened, used, revoked.

Nobody but the person who gets a link ever sees its token: the database keeps its hash, and a mail's token is
made when the mail is.
"""

from __future__ import annotations

from .audience import Audience, audience_of
from .batches import Progress, prepare, progress_of, request_batch, unprepared
from .codes import check_code, new_code
from .ending import mark_opened, mark_used, revoke, revoke_many
from .finding import live, require_live, resolve
from .invitations import invite, resend, send
from .making import create
from .sending import send_slice, something_to_send

__all__ = [
    "Audience",
    "Progress",
    "audience_of",
    "check_code",
    "create",
    "invite",
    "live",
    "mark_opened",
    "mark_used",
    "new_code",
    "prepare",
    "progress_of",
    "request_batch",
    "require_live",
    "resend",
    "resolve",
    "revoke",
    "revoke_many",
    "send",
    "send_slice",
    "something_to_send",
    "unprepared",
]
