from __future__ import annotations

from .attachment import Attachment
from .conversation import Conversation, Turn
from .conversation_settings import ConversationSettings
from .dialog_task import DialogTask, PublishState
from .dialog_test import DialogTest
from .draft_edit import DraftEdit
from .installation import Installation
from .node import Node, Special, Transition
from .pending_import import PendingImport
from .presence import Presence
from .queued_message import QueuedMessage
from .shared_value import SharedValue
from .version import Version
from .wait import Arrival, EventSettings, Wait
from .webhook import Webhook, WebhookDelivery, WebhookEvent

__all__ = [
    "Arrival",
    "Attachment",
    "Conversation",
    "ConversationSettings",
    "DialogTask",
    "DialogTest",
    "DraftEdit",
    "EventSettings",
    "Installation",
    "Node",
    "PendingImport",
    "Presence",
    "PublishState",
    "QueuedMessage",
    "SharedValue",
    "Special",
    "Transition",
    "Turn",
    "Version",
    "Wait",
    "Webhook",
    "WebhookDelivery",
    "WebhookEvent",
]
