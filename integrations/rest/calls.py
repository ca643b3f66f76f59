"""Calls of a provider's operations: made by a program itself, and the record of all that were made."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final, get_args

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from integrations.catalog import registry
from integrations.flows.call_directly import Wanted, call_directly, nothing_left
from integrations.flows.call_result import CallResult, Outcome
from integrations.models import OperationCall
from xoplatform.models import Scope
from xoplatform.rest import idempotency
from xoplatform.rest.access import Access
from xoplatform.rest.errors import NotAllowed, NotHere
from xoplatform.rest.pagination import CursorPages
from xoplatform.rest.reading import asked, sent
from xoplatform.rest.views import AppView

from .parts import AnyJson, IdField, ProviderField, end_user_of

if TYPE_CHECKING:
    from rest_framework.request import Request

LONGEST: Final = 60.0


class CallBody(serializers.Serializer[Any]):
    end_user_id = IdField(
        default=None, allow_null=True, help_text="With whose grant; null or left out: with the App's own."
    )
    parameters = serializers.DictField(default=dict, help_text="As the operation's schema says.")
    body = AnyJson(default=None, help_text="As the operation's schema says.")
    timeout = serializers.FloatField(
        min_value=1, max_value=LONGEST, required=False, help_text="Seconds for everything, permitted repetitions too."
    )


class CallConnection(serializers.Serializer[Any]):
    """Whose rights it was made with, and where."""

    id = serializers.IntegerField()
    owner = serializers.CharField(help_text="`the App` or `this end user`.")
    account = serializers.CharField(allow_blank=True)
    site = serializers.CharField(allow_blank=True)
    refreshed = serializers.BooleanField(help_text="Whether the token was renewed for it.")


class CallResultSerializer(serializers.Serializer[Any]):
    """What the call came to. Whatever came back is told with 200: `outcome` says how it went."""

    outcome = serializers.ChoiceField(
        [(name, name) for name in get_args(Outcome)],
        help_text="`answered`: the provider answered, with whatever status. `unreachable`, `timed_out`: nothing came "
        "back and nothing was changed. `unknown`: it left and its answer was lost. `authorization_required`: there is "
        "no grant to use. `refused`: not sent, `message` says why.",
    )
    message = serializers.CharField(allow_blank=True, help_text="In words for people; empty when all is well.")
    status = serializers.IntegerField(allow_null=True, help_text="The provider's HTTP status.")
    headers = serializers.DictField(child=serializers.CharField(), help_text="Those that tell something.")
    body = AnyJson(help_text="What came back, without what looks like a secret.")
    duration_ms = serializers.FloatField()
    connection = CallConnection(allow_null=True)
    call_id = serializers.IntegerField(
        allow_null=True, help_text="Its record, where it is known at once: that of an operation that changes something."
    )


def told(result: CallResult) -> dict[str, Any]:
    return {
        "outcome": result.outcome,
        "message": result.message,
        "status": result.status_code,
        "headers": result.headers,
        "body": result.body,
        "duration_ms": result.duration_ms,
        "connection": result.trace.get("connection"),
        "call_id": result.record.pk if result.record is not None else None,
    }


class Call(AppView):
    access: ClassVar = Access(Scope.CONFIGURATION)
    at_work = timedelta(minutes=3)

    @extend_schema(
        operation_id="call_operation",
        request=CallBody,
        responses=CallResultSerializer,
        examples=[
            OpenApiExample(
                "Search as the App",
                {"parameters": {"jql": "project = DEMO order by created desc", "maxResults": 5}},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, provider: str, operation: str, **_: Any) -> Response:
        """Calls the operation with the App's own grant, or with one person's.

        With an `Idempotency-Key` an operation that changes something leaves once, even if the answer to you is lost.
        A key that answered with nothing sent may be used again.
        """
        known = registry.operation(provider, operation)
        wanted = sent(request, CallBody)
        result = call_directly(
            Wanted(
                app_id=self.app.pk,
                provider=registry.provider(provider).manifest.name,
                operation=known,
                end_user_id=self._person(wanted["end_user_id"]),
                parameters=wanted["parameters"],
                body=wanted["body"],
                timeout=wanted.get("timeout") or min(known.timeout, LONGEST),
                once=self._once(request),
            )
        )
        response = Response(told(result))
        setattr(response, idempotency.FREE, nothing_left(result))
        return response

    def _person(self, end_user_id: int | None) -> int | None:
        """Staff act with the App's own grant or, as in Talk to Bot, with their own: never with another person's."""
        if end_user_id is None:
            return None
        person = end_user_of(self.app, end_user_id)
        user = self.caller.user
        if self.caller.key is None and (user is None or person.external_id != f"staff:{user.pk}"):
            raise NotAllowed(who=self.caller.who, needed="a key of the App to act for another person")
        return person.pk

    def _once(self, request: Request) -> str:
        key = request.headers.get(idempotency.HEADER)
        return f"{self.caller.mark}\n{key}" if key else ""


class CallRecordSerializer(serializers.ModelSerializer[OperationCall]):
    """One call that was made, in short."""

    end_user_id = serializers.IntegerField(read_only=True, allow_null=True)
    connection_id = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = OperationCall
        fields = [
            "id",
            "created_at",
            "provider",
            "operation",
            "method",
            "path",
            "status",
            "http_status",
            "duration_ms",
            "end_user_id",
            "connection_id",
            "account",
            "site",
            "reference",
            "error",
        ]
        read_only_fields = fields


class CallDetailSerializer(CallRecordSerializer):
    """One call that was made, with what was sent and received: secrets removed, long bodies cut."""

    request = serializers.SerializerMethodField()
    response = serializers.SerializerMethodField()

    class Meta(CallRecordSerializer.Meta):
        fields = [*CallRecordSerializer.Meta.fields, "request", "response"]
        read_only_fields = fields

    @extend_schema_field(serializers.DictField())
    def get_request(self, call: OperationCall) -> Any:
        return call.request

    @extend_schema_field(serializers.DictField())
    def get_response(self, call: OperationCall) -> Any:
        return call.response


class CallQuery(serializers.Serializer[Any]):
    provider = ProviderField(required=False)
    operation = serializers.CharField(required=False, max_length=100, help_text="By its operationId.")
    status = serializers.ChoiceField(OperationCall.Status.choices, required=False)
    end_user_id = IdField(required=False, help_text="Of one person.")
    reference = serializers.CharField(required=False, max_length=100, help_text="What it was made for.")
    after = serializers.DateTimeField(required=False, source="created_at__gte", help_text="Made then or later.")
    before = serializers.DateTimeField(required=False, source="created_at__lt", help_text="Made before.")


class NewestCallsFirst(CursorPages):
    ordering = ("-created_at", "-id")


class Calls(AppView):
    access: ClassVar = Access(Scope.CONFIGURATION)
    pagination_class = NewestCallsFirst

    @extend_schema(
        operation_id="list_operation_calls", parameters=[CallQuery], responses=CallRecordSerializer(many=True)
    )
    def get(self, request: Request, **_: Any) -> Response:
        """Lists what was asked of providers, the newest first."""
        rows = OperationCall.objects.filter(app=self.app, **asked(request, CallQuery)).defer("request", "response")
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(CallRecordSerializer(page, many=True).data)


class OneCall(AppView):
    access: ClassVar = Access(Scope.CONFIGURATION)

    @extend_schema(operation_id="read_operation_call", responses=CallDetailSerializer)
    def get(self, request: Request, call_id: int, **_: Any) -> Response:
        """Reads one call with what was sent and received."""
        found = OperationCall.objects.filter(app=self.app, pk=call_id).first()
        if found is None:
            raise NotHere(what="operation call")
        return Response(CallDetailSerializer(found).data)
