"""Conversations: opened, listed, ended, forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.response import Response

from dialogs.errors import UnknownTask
from dialogs.flows import conversations, turns
from dialogs.flows.accept import Taken
from dialogs.models import Conversation, DialogTask
from xoplatform import people
from xoplatform.models import EndUser, Scope
from xoplatform.rest.errors import Invalid, NotAllowed, NotHere
from xoplatform.rest.pagination import CursorPages
from xoplatform.rest.reading import sent

from .chat import ChatView
from .conversation_shapes import (
    BIGGEST_ID,
    PREFER,
    WORKING,
    ConversationSerializer,
    NewConversationSerializer,
    OpenedConversationSerializer,
    conversation_json,
)
from .posting import REPLAYED, headers_of, post, told_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from dialogs.flows.perform import Answer

ORDERINGS = ("created_at", "updated_at")
#: The filter's own description has no bounds.
OF_PERSON = OpenApiParameter(
    "end_user_id", {"type": "integer", "minimum": 1, "maximum": BIGGEST_ID}, description="Of this person."
)


class ConversationFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    end_user_id = filters.NumberFilter(min_value=1, max_value=BIGGEST_ID, help_text="Of this person.")
    external_id = filters.CharFilter("end_user__external_id", max_length=200, help_text="The same by the channel's id.")
    channel = filters.CharFilter(max_length=40)
    updated_since = filters.IsoDateTimeFilter("updated_at", "gte", help_text="In which something happened since.")
    ordering = filters.OrderingFilter(fields=ORDERINGS, help_text="`-created_at` unless said.")

    class Meta:
        model = Conversation
        fields = ["end_user_id", "external_id", "status", "channel", "draft", "updated_since", "ordering"]


class ConversationPages(CursorPages):
    ordering: Any = ("-created_at", "-pk")

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        wanted = request.query_params.get("ordering", "")
        return (wanted, "pk") if wanted.lstrip("-") in ORDERINGS else tuple(self.ordering)


class Conversations(ChatView):
    pagination_class = ConversationPages
    filter_backends = (filters.DjangoFilterBackend,)
    filterset_class = ConversationFilter
    serializer_class = ConversationSerializer

    def get_queryset(self) -> QuerySet[Conversation]:
        if getattr(self, "swagger_fake_view", False):
            return Conversation.objects.none()
        return conversations.conversations_of(self.app, self.caller.end_user)

    @extend_schema(
        operation_id="list_conversations", parameters=[OF_PERSON], responses=ConversationSerializer(many=True)
    )
    def get(self, request: Request, **_: Any) -> Response:
        """Lists conversations, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([conversation_json(row) for row in page or ()])

    @extend_schema(
        operation_id="open_conversation",
        request=NewConversationSerializer,
        responses={
            201: OpenedConversationSerializer,
            200: OpenApiResponse(
                OpenedConversationSerializer, "It was opened before with this `client_message_id`; the stored answer."
            ),
            202: OpenApiResponse(OpenedConversationSerializer, WORKING),
        },
        parameters=[PREFER],
        examples=[
            OpenApiExample(
                "Somebody writes for the first time",
                value={
                    "end_user": {"external_id": "visitor-17", "name": "Ada Ames"},
                    "text": "create an issue",
                    "client_message_id": "m-1",
                    "channel": "web",
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Opens a conversation with a person, and answers the first message if one is sent.

        With a key say who it is, by `end_user` or `end_user_id`. A token speaks for its person.
        """
        wanted = sent(request, NewConversationSerializer)
        self.require_key(vouched=wanted["person_signed_in"])
        opening = {"channel": wanted["channel"], "draft": wanted["draft"], "focus": self._focus(wanted)}
        person = self._person(wanted)
        if not wanted["text"].strip() and not wanted.get("attachments"):
            fresh = conversations.open_conversation(self.app, person, **opening)
            return self._opened(fresh, None)
        outcome = post(self, person, wanted, None, **opening)
        return self._opened(self._read(outcome.conversation), outcome)

    def _read(self, public_id: Any) -> Conversation:
        return turns.find_with_line(self.app, public_id, self.caller.end_user, None)[0]

    def _opened(self, row: Conversation, outcome: Answer | Taken | None) -> Response:
        """201, 200 for one that was opened before, or 202 while its first message is not answered."""
        told = conversation_json(row) | {"message": outcome and told_of(self, outcome)}
        headers = headers_of(self, outcome) if outcome else {}
        place = reverse("api-conversation", args=[self.app.slug, row.public_id])
        headers.setdefault("Location", place)
        if isinstance(outcome, Taken):
            return Response(told, status=202, headers=headers)
        return Response(told, status=200 if REPLAYED in headers else 201, headers=headers)

    def _focus(self, wanted: dict[str, Any]) -> DialogTask | None:
        if not wanted["draft"]:
            return None
        is_author = self.caller.end_user is None and (
            self.caller.key is None or self.caller.has_scope(Scope.CONFIGURATION, to_write=True)
        )
        if not is_author:
            raise NotAllowed(who=self.caller.who, needed="the scope “configuration” to run drafts")
        if "task" not in wanted:
            return None
        task = DialogTask.objects.filter(app=self.app, pk=wanted["task"]).only("pk").first()
        if task is None:
            raise UnknownTask
        return task

    def _person(self, wanted: dict[str, Any]) -> EndUser:
        own = self.speaker()
        if own is not None:
            if "end_user" in wanted or wanted.get("end_user_id") not in {None, own.pk}:
                raise NotAllowed(who=self.caller.who, needed="a key to talk for somebody else")
            return own
        if "end_user" in wanted:
            return people.upsert(self.app, **wanted["end_user"])[0]
        if "end_user_id" not in wanted:
            raise Invalid([(("end_user",), "Say who it is: give end_user or end_user_id.")])
        person = EndUser.objects.filter(app=self.app, pk=wanted["end_user_id"]).first()
        if person is None:
            raise NotHere(what="end user")
        return person


class OneConversation(ChatView):
    serializer_class = ConversationSerializer
    editable = True

    @extend_schema(operation_id="read_conversation")
    def get(self, request: Request, **_: Any) -> Response:
        """Reads where a conversation stands."""
        return Response(conversation_json(self.find()))

    @extend_schema(operation_id="forget_conversation", responses={204: None})
    def delete(self, request: Request, **_: Any) -> Response:
        """Deletes a conversation with all that was said in it and the files that were sent, for good."""
        if self.caller.end_user is not None:
            raise NotAllowed(who=self.caller.who, needed="a key with the scope “chat”")
        with transaction.atomic():
            row = self.find(lock=True)
            self.check_match(request, conversation_json(row))
            conversations.forget(row)
        return Response(status=204)


class ConversationEnd(ChatView):
    serializer_class = ConversationSerializer

    @extend_schema(operation_id="end_conversation", request=None, responses=ConversationSerializer)
    def post(self, request: Request, **_: Any) -> Response:
        """Ends a conversation: it waits for nothing more and takes no further message. A second time is no error."""
        with transaction.atomic():
            row = self.find(lock=True)
            conversations.end(row)
        return Response(conversation_json(row))
