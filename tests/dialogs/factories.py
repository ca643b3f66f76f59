"""Rows of dialogs for tests; people, Apps and grants come from `tests.factories`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import factory
from factory.django import DjangoModelFactory

from dialogs.flows import author
from dialogs.models import Conversation, DialogTask, Turn
from tests.factories import EndUserFactory

if TYPE_CHECKING:
    from xoplatform.models import App


class ConversationFactory(DjangoModelFactory[Conversation]):
    class Meta:
        model = Conversation

    end_user = factory.SubFactory(EndUserFactory)
    app = factory.SelfAttribute("end_user.app")


class TurnFactory(DjangoModelFactory[Turn]):
    class Meta:
        model = Turn

    conversation = factory.SubFactory(ConversationFactory)
    number = factory.Sequence(lambda n: n + 1)
    text = "hello"
    replies = factory.LazyFunction(lambda: [{"text": "Hi!", "quick_replies": [], "data": None}])


def task(app: App, document: dict[str, Any]) -> DialogTask:
    """A draft made of a document."""
    return author.create_task(app, document)
