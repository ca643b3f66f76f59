"""What an App's webhooks can be told of."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

MESSAGE: Final = "message.created"
CONVERSATION: Final = "conversation.state_changed"
CONNECTION: Final = "connection.state_changed"
ACTION_ERROR: Final = "action.error"
ACTION_MENDED: Final = "action.mended"
#: Sent by hand to one webhook, whatever it listens to.
PING: Final = "ping"

#: Every type that can be chosen, with what it tells.
TYPES: Final = {
    MESSAGE: _("The bot or an agent says something in a conversation."),
    CONVERSATION: _("A conversation is opened, waits for something, goes on or ends."),
    CONNECTION: _("A connection is authorized, must be authorized again, changes its site or is disconnected."),
    ACTION_ERROR: _("An action stops working until somebody mends it."),
    ACTION_MENDED: _("An action that was in error works again."),
}
