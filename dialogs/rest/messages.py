"""Messages: posted, answered, read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from dialogs.chat_errors import Unanswerable
from dialogs.flows.accept import Taken, what_became_of
from dialogs.models import Conversation, Turn
from xoplatform.rest.errors import NotAllowed
from xoplatform.rest.reading import checked

from .chat import A_KEY, ChatView
from .conversation_shapes import (
    PREFER,
    WORKING,
    MessageSerializer,
    NewMessageSerializer,
    TurnPageSerializer,
    TurnSerializer,
    plain_message,
    refused_json,
    turn_json,
)
from .posting import headers_of, post, told_of

if TYPE_CHECKING:
    from rest_framework.request import Request

    from xoplatform.models import EndUser

#: Turns of a page.
PAGE, MOST = 50, 200
BIGGEST = 2**31 - 1


class TranscriptQuery(serializers.Serializer[Any]):
    after = serializers.IntegerField(
        required=False, min_value=0, max_value=BIGGEST, help_text="Only what came after the turn of this number."
    )
    before = serializers.IntegerField(
        required=False, min_value=1, max_value=BIGGEST, help_text="Only what came before the turn of this number."
    )
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=PAGE)


class Messages(ChatView):
    serializer_class = TurnSerializer

    @extend_schema(
        operation_id="list_messages",
        parameters=[TranscriptQuery],
        responses=TurnPageSerializer,
    )
    def get(self, request: Request, **_: Any) -> Response:
        """Reads what was said and answered, the oldest of a page first.

        Without `after` and `before` it is the last page. Who polls for what came by itself asks with `after`: the
        number of the last turn that it has.
        """
        query = TranscriptQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        turns, more = self._page(self.find(), **query.validated_data)
        now = timezone.now()
        items = [turn_json(turn, now, addresses=self.talks_for_people) for turn in turns]
        forward = "after" in query.validated_data
        is_last = not forward and "before" not in query.validated_data
        following = turns[-1].number if turns and (more if forward else not is_last) else None
        earlier = turns[0].number if turns and (more if not forward else True) and turns[0].number > 1 else None
        return Response({"items": items, "next": self._link(after=following), "previous": self._link(before=earlier)})

    def _page(
        self, row: Conversation, limit: int, after: int | None = None, before: int | None = None
    ) -> tuple[list[Turn], bool]:
        rows = Turn.objects.filter(conversation=row).defer("trace", "record")
        if before is not None:
            rows = rows.filter(number__lt=before)
        if after is not None:
            found = list(rows.filter(number__gt=after).order_by("number")[: limit + 1])
            return found[:limit], len(found) > limit
        found = list(rows.order_by("-number")[: limit + 1])
        return found[:limit][::-1], len(found) > limit

    def _link(self, **place: int | None) -> str | None:
        ((name, number),) = place.items()
        if number is None:
            return None
        query = self.request.query_params.copy()
        for other in ("after", "before"):
            query.pop(other, None)
        query[name] = str(number)
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    @extend_schema(
        operation_id="post_message",
        request=NewMessageSerializer,
        parameters=[PREFER],
        responses={
            200: OpenApiResponse(MessageSerializer, "Answered."),
            202: OpenApiResponse(MessageSerializer, WORKING),
        },
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Says something in a conversation, and answers with the replies.

        Messages of one conversation are answered in the order in which they came. Delivered again under its
        `client_message_id`, a message is answered with what is stored.
        """
        wanted = plain_message(request.data) or self._checked(request.data)
        outcome = post(self, self._speaker(), wanted, self.kwargs["conversation"])
        status = 202 if isinstance(outcome, Taken) else 200
        return Response(told_of(self, outcome), status=status, headers=headers_of(self, outcome))

    def _checked(self, data: Any) -> dict[str, Any]:
        found = checked(NewMessageSerializer(data=data))
        self.require_key(vouched=found["person_signed_in"])
        return found

    def _speaker(self) -> EndUser | None:
        own = self.speaker()
        if own is not None and self.find().end_user_id != own.pk:
            raise NotAllowed(who=self.caller.who, needed=f"{A_KEY} to talk for somebody else")
        return own


class OneMessage(ChatView):
    serializer_class = MessageSerializer

    @extend_schema(operation_id="read_message")
    def get(self, request: Request, **_: Any) -> Response:
        """Tells what became of a message, by its `client_message_id`."""
        row, message_id = self.find(), self.kwargs["message"]
        try:
            return Response(told_of(self, what_became_of(row, message_id)))
        except Unanswerable as error:
            return Response(refused_json(Taken(row.public_id, message_id, row.status), error.error))
