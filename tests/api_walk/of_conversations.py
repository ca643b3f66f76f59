"""What is said: conversations and what belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile

from dialogs.flows import uploads
from dialogs.models import Conversation
from tests.dialogs import factories

if TYPE_CHECKING:
    from collections.abc import Callable

    from .scene import Scene


def conversation(scene: Scene) -> Any:
    return factories.ConversationFactory(end_user=scene.person).public_id


def turn(scene: Scene) -> Any:
    own = Conversation.objects.get(public_id=scene.value("conversations/{conversation}"))
    number = scene.number
    message_id = f"example-{scene.app.pk}-{number}"
    factories.TurnFactory(conversation=own, number=number, client_message_id=message_id)
    return message_id


def attachment(scene: Scene) -> Any:
    return uploads.keep(scene.app, scene.person, ContentFile(b"pixels", "picture.png")).public_id


MAKERS: dict[str, Callable[[Scene], Any]] = {
    "conversations/{conversation}": conversation,
    "messages/{message}": turn,
    "attachments/{attachment}": attachment,
}
BODIES: dict[str, Any] = {"post_message": {"text": "hello", "client_message_id": "example"}}
ROWS: dict[str, Callable[[Scene], Any]] = {"list_messages": turn}
#: Staff talk in their own conversations alone, and a token forgets nothing.
STRICTER = {"post_message": {"developer", "owner", "superuser"}, "forget_conversation": {"end user"}}
