"""Addresses of conversations and what belongs to them."""

from __future__ import annotations

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from . import attachments, conversations, events, messages


class MessageIdConverter(StringConverter):
    """A sender's id of a message, which may have slashes in it."""

    regex = "[\x21-\x7e]{1,100}"


register_converter(MessageIdConverter, "message_id")

of_one = [
    path("", conversations.OneConversation.as_view(), name="api-conversation"),
    path("end/", conversations.ConversationEnd.as_view(), name="api-conversation-end"),
    path("messages/", messages.Messages.as_view(), name="api-messages"),
    path("events/", events.Events.as_view(), name="api-events"),
    path("messages/<message_id:message>/", messages.OneMessage.as_view(), name="api-message"),
]

urlpatterns = [
    path("conversations/", conversations.Conversations.as_view(), name="api-conversations"),
    path("conversations/<uuid:conversation>/", include(of_one)),
    path("attachments/", attachments.Attachments.as_view(), name="api-attachments"),
    path("attachments/<uuid:attachment>/", attachments.OneAttachment.as_view(), name="api-attachment"),
    path(
        "attachments/<uuid:attachment>/content/", attachments.AttachmentContent.as_view(), name="api-attachment-content"
    ),
]
