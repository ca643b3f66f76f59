"""Rows for tests. The App's people are real users with real roles."""

from __future__ import annotations

from typing import Any

import factory
from django.contrib.auth import get_user_model
from factory.django import DjangoModelFactory

from dialogs.flows import author
from dialogs.models import Conversation, DialogTask, Turn
from xoplatform.models import App, EndUser, Member, Role


class AppFactory(DjangoModelFactory):
    class Meta:
        model = App

    name = factory.Sequence(lambda n: f"Helpdesk {n}")
    slug = factory.Sequence(lambda n: f"helpdesk-{n}")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"staff{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    is_staff = True


class EndUserFactory(DjangoModelFactory):
    class Meta:
        model = EndUser

    app = factory.SubFactory(AppFactory)
    external_id = factory.Sequence(lambda n: f"person-{n}")


class ConversationFactory(DjangoModelFactory):
    class Meta:
        model = Conversation

    end_user = factory.SubFactory(EndUserFactory)
    app = factory.SelfAttribute("end_user.app")


class TurnFactory(DjangoModelFactory):
    class Meta:
        model = Turn

    conversation = factory.SubFactory(ConversationFactory)
    number = factory.Sequence(lambda n: n + 1)
    text = "hello"
    replies = factory.LazyFunction(lambda: [{"text": "Hi!", "quick_replies": [], "data": None}])


def member(app: App, role: Role = Role.DEVELOPER) -> Any:
    """A staff user with this role in the App."""
    user = UserFactory()
    Member.objects.create(app=app, user=user, role=role)
    return user


def task(app: App, document: dict[str, Any]) -> DialogTask:
    return author.create_task(app, document)
