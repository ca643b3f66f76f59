"""What happens in a conversation as it happens: server-sent events (HTML Living Standard, 9.2).

Each stream holds a thread of the web process, so their number is bounded, and each ends after a while; a browser or a
channel then comes again with the number of the last turn that it has, and misses nothing.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer

from dialogs.flows import following
from xoplatform.rest.errors import Invalid
from xoplatform.web_server import is_stopping

from .chat import ChatView
from .conversation_shapes import turn_json

if TYPE_CHECKING:
    from collections.abc import Generator

    from rest_framework.request import Request

    from dialogs.models import Conversation

MEDIA_TYPE: Final = "text/event-stream"
LONGEST_NUMBER: Final = 9
#: Milliseconds after which a reader comes again once a stream has ended.
RETRY: Final = 1000
#: One event, as readers of streams see it.
EVENT: Final = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "event": {"type": "string", "enum": ["turn", "status"]},
        "id": {"type": "string", "description": "The number of the turn."},
        "data": {"type": "string", "description": "A JSON text."},
    },
}


class EventRenderer(BaseRenderer):
    """Only named in negotiation: the stream writes itself, and refusals are JSON."""

    media_type = MEDIA_TYPE
    format = "event-stream"

    def render(self, data: Any, media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """A refusal, as problem details."""
        return JSONRenderer().render(data)  # type: ignore[no-any-return]  # the stub says Any


class Events(ChatView):
    serializer_class: Any = None
    renderer_classes = (EventRenderer, JSONRenderer)

    @extend_schema(
        operation_id="follow_conversation",
        parameters=[
            OpenApiParameter("Last-Event-ID", str, OpenApiParameter.HEADER, description="The last turn that you have."),
            OpenApiParameter("after", int, description="The same, where a header cannot be sent."),
        ],
        responses={
            (200, MEDIA_TYPE): OpenApiResponse(
                EVENT,
                "Events `turn` with a turn as data and its number as id, and `status` with the conversation's.",
            )
        },
    )
    def get(self, request: Request, **_: Any) -> StreamingHttpResponse:
        """Follows a conversation by server-sent events, from the turn after the last that you have.

        Comments come while nothing happens. The stream ends after five minutes; come again then. When too many are open
        it is refused with 503 and `Retry-After`: read `messages/` with `after` instead.
        """
        row, after = self.find(), self._after(request)
        kind = f"{MEDIA_TYPE}; charset=utf-8"
        if request.method == "HEAD":
            return StreamingHttpResponse((), content_type=kind)
        following.places.take(settings.XO_EVENT_STREAMS)
        response = StreamingHttpResponse(following.Stream(self._events(row, after)), content_type=kind)
        response["Cache-Control"] = "no-store"
        response["X-Accel-Buffering"] = "no"  # for proxies that gather answers
        return response

    def _after(self, request: Request) -> int | None:
        given = request.headers.get("Last-Event-ID") or request.query_params.get("after")
        if given is None:
            return None
        if not given.isascii() or not given.isdecimal() or len(given) > LONGEST_NUMBER:
            raise Invalid([(("after",), "Give the number of a turn.")])
        return int(given)

    def _events(self, row: Conversation, after: int | None) -> Generator[str]:
        yield f"retry: {RETRY}\n\n"
        ends = time.monotonic() + following.LIFE
        for news in following.follow(
            row, after, self._may_go_on, lambda: time.monotonic() < ends and not is_stopping()
        ):
            if news is None:
                yield ": still here\n\n"
            elif isinstance(news, str):
                yield _event("status", {"status": news})
            else:
                yield _event("turn", turn_json(news, timezone.now(), addresses=self.talks_for_people), news.number)

    def _may_go_on(self) -> bool:
        """Whether the key that opened the stream still opens anything."""
        if self.caller.key is None:
            return True
        self.caller.key.refresh_from_db(fields=["revoked_at", "expires_at"])
        return self.caller.key.is_active


def _event(name: str, data: Any, number: int | None = None) -> str:
    """An event; JSON is one line, so it needs no further framing."""
    identity = "" if number is None else f"id: {number}\n"
    return f"event: {name}\n{identity}data: {json.dumps(data, ensure_ascii=False)}\n\n"
