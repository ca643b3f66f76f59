"""Traces: how each answer came about, found by what happened in it. Redacted, and without anybody's links."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from dialogs.flows.redaction import shown
from dialogs.flows.traces import PAGE, STATUSES, Search, calls_of, find_turns, open_turn
from xoplatform.rest.errors import NotHere
from xoplatform.rest.pagination import envelope
from xoplatform.rest.reading import asked
from xoplatform.rest.views import AppView

from .base import AUTHORS

if TYPE_CHECKING:
    from rest_framework.request import Request

    from dialogs.models import Turn

#: What is looked through unless somebody asks for more.
USUAL = timedelta(days=7)
EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)
LARGEST_ID = 2**63 - 1


class SearchSerializer(serializers.Serializer[Any]):
    """What a turn must have."""

    text = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="In what was said or done."
    )
    node = serializers.CharField(max_length=100, required=False, allow_blank=True)
    operation = serializers.CharField(max_length=100, required=False, allow_blank=True)
    status = serializers.ChoiceField(choices=list(STATUSES), required=False, help_text="Of one of its steps.")
    connection = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, help_text="Its id.")
    person = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="In the end user's name, e-mail or external id."
    )
    since = serializers.DateTimeField(required=False, help_text="Seven days ago unless given.")
    until = serializers.DateTimeField(required=False)
    before = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, help_text="Only older turns than this one; see `next`."
    )

    def validate_since(self, value: datetime) -> datetime:
        if not EARLIEST <= value <= LATEST:
            raise serializers.ValidationError("Give a time between 1970 and 2999.")
        return value

    validate_until = validate_since


class TraceSerializer(serializers.Serializer[Any]):
    """One message and what became of it."""

    class Meta:
        ref_name = "Trace"

    id = serializers.IntegerField()
    conversation = serializers.UUIDField()
    end_user = serializers.CharField(help_text="The channel's id of the person.")
    number = serializers.IntegerField(help_text="Of the turn in its conversation.")
    text = serializers.CharField(help_text="What was said; empty where the conversation went on by itself.")
    replies = serializers.ListField(child=serializers.CharField())
    nodes = serializers.ListField(child=serializers.CharField(), help_text="Those that were passed, in order.")
    operations = serializers.ListField(child=serializers.CharField(), help_text="Those that were called, in order.")
    failed = serializers.BooleanField(help_text="Whether a step failed.")
    duration_ms = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class TraceCallSerializer(serializers.Serializer[Any]):
    class Meta:
        ref_name = "TraceCall"

    id = serializers.IntegerField()
    operation = serializers.CharField()
    status = serializers.CharField()
    http_status = serializers.IntegerField(allow_null=True)
    duration_ms = serializers.IntegerField(allow_null=True)


class WholeTraceSerializer(TraceSerializer):
    """With every step: what it decided, changed, sent and received."""

    class Meta:
        ref_name = "TraceWithSteps"

    intents = serializers.ListField(child=serializers.DictField(), help_text="How the message was understood.")
    tasks = serializers.ListField(child=serializers.DictField(), help_text="What became of whole tasks.")
    steps = serializers.ListField(child=serializers.DictField())
    calls = TraceCallSerializer(many=True)


class OnwardPages(BasePagination):
    """The newest first; `next` leads to older ones."""

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return []

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return envelope({"type": ["string", "null"], "format": "uri"}, schema)


def row(turn: Turn) -> dict[str, Any]:
    """A turn as one line of the list."""
    trace = shown(turn.trace or {})
    steps = trace.get("steps") or []
    return {
        "id": turn.pk,
        "conversation": str(turn.conversation.public_id),
        "end_user": turn.conversation.end_user.external_id,
        "number": turn.number,
        "text": turn.text,
        "replies": [str(reply.get("text", "")) for reply in shown(turn.replies)],
        "nodes": [str(step.get("node", "")) for step in steps],
        "operations": [str(step["operation"]) for step in steps if step.get("operation")],
        "failed": any(step.get("status") == "failed" for step in steps),
        "duration_ms": round(trace.get("duration_ms") or 0),
        "created_at": turn.created_at,
    }


def whole_row(turn: Turn) -> dict[str, Any]:
    """A turn with its steps and calls. One query."""
    trace = shown(turn.trace or {})
    columns = ("id", "operation", "status", "http_status", "duration_ms")
    calls = [{name: getattr(call, name) for name in columns} for call in calls_of(turn)]
    parts = {name: trace.get(name) or [] for name in ("intents", "tasks", "steps")}
    return {**row(turn), **parts, "calls": calls}


class Traces(AppView):
    access: ClassVar = AUTHORS
    serializer_class = TraceSerializer
    pagination_class = OnwardPages

    @extend_schema(operation_id="list_traces", parameters=[SearchSerializer], responses=TraceSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Finds turns by what happened in them, the newest first, fifty at a time."""
        given = asked(request, SearchSerializer)
        values = {"since": timezone.now() - USUAL, **given}
        before = values.pop("before", None)
        values["connection"] = str(values.get("connection", ""))
        found = find_turns(self.app, Search(**values), before)
        following = None
        if len(found) > PAGE:
            following = replace_query_param(request.build_absolute_uri(), "before", found[PAGE - 1].pk)
        body = [TraceSerializer(row(turn)).data for turn in found[:PAGE]]
        return Response({"items": body, "next": following, "previous": None})


class OneTrace(AppView):
    access: ClassVar = AUTHORS
    serializer_class = WholeTraceSerializer

    @extend_schema(operation_id="read_trace")
    def get(self, request: Request, trace: int, **_: Any) -> Response:
        """Reads one turn: how it was understood, every node passed, and the calls with whose rights."""
        turn = open_turn(self.app, trace)
        if turn is None:
            raise NotHere(what="trace")
        return Response(WholeTraceSerializer(whole_row(turn)).data)
