"""Keys of programs: made, changed, rotated and revoked by an App's owners. No key can make or change a key."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from xoplatform import api_keys
from xoplatform.models import ApiKey, KeyState, Role, Scope
from xoplatform.rest.access import Access, Keys
from xoplatform.rest.errors import NotHere
from xoplatform.rest.pagination import CursorPages
from xoplatform.rest.reading import checked, sent
from xoplatform.rest.strict import StrictSerializer
from xoplatform.rest.views import AppView

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

OWNERS = Access(Scope.CONFIGURATION, read=Role.OWNER, write=Role.OWNER, keys=Keys.NONE)
LONGEST_OVERLAP = int(api_keys.LONGEST_OVERLAP.total_seconds())
OVERLAP = int(api_keys.OVERLAP.total_seconds())
VALUE = "xo_1f0c2a9b7d3e_" + "A" * 43
SHOWN = {
    "id": 7,
    "name": "Web chat",
    "prefix": "1f0c2a9b7d3e",
    "scopes": ["chat"],
    "requests_per_minute": 600,
    "state": "active",
    "expires_at": None,
    "revoked_at": None,
    "old_value_until": None,
    "last_used_at": None,
    "created_by": "olive",
    "created_at": "2026-11-29T08:00:00Z",
}


class ApiKeySerializer(StrictSerializer, serializers.ModelSerializer[ApiKey]):
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices),
        allow_empty=False,
        max_length=len(Scope),
        help_text="What the key may do; `read` reads everything and changes nothing.",
    )
    requests_per_minute = serializers.IntegerField(
        min_value=1, max_value=1_000_000, default=600, help_text="More than these are answered 429."
    )
    state = serializers.ChoiceField(KeyState.choices, read_only=True)
    old_value_until = serializers.SerializerMethodField(
        help_text="After a rotation: until when the value before it is taken too."
    )
    created_by = serializers.CharField(
        source="created_by.username", default=None, read_only=True, allow_null=True, help_text="A staff user's name."
    )

    class Meta:
        model = ApiKey
        fields = [
            "id",
            "name",
            "prefix",
            "scopes",
            "requests_per_minute",
            "state",
            "expires_at",
            "revoked_at",
            "old_value_until",
            "last_used_at",
            "created_by",
            "created_at",
        ]
        read_only_fields = ["prefix", "revoked_at", "last_used_at", "created_at"]
        extra_kwargs: ClassVar = {
            "prefix": {"help_text": "Names the key in logs. It lets nobody in."},
            "expires_at": {"help_text": "From then on it opens nothing; null: never."},
            "last_used_at": {"help_text": "Within a minute."},
        }

    def get_old_value_until(self, key: ApiKey) -> str | None:
        return key.previous_until.isoformat() if key.is_rotating and key.previous_until else None


class ApiKeyWithValueSerializer(ApiKeySerializer):
    value = serializers.CharField(
        read_only=True, help_text="The key itself. It is told in this answer and never again: it is not stored."
    )

    class Meta(ApiKeySerializer.Meta):
        fields = [*ApiKeySerializer.Meta.fields, "value"]


class ApiKeyRotationSerializer(StrictSerializer):
    overlap_seconds = serializers.IntegerField(
        min_value=0,
        max_value=LONGEST_OVERLAP,
        default=OVERLAP,
        help_text="How long the old value is still taken, so that no program stands still. 0: it ends at once.",
    )


class ApiKeyFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    name = filters.CharFilter(help_text="Exactly this name.")

    class Meta:
        model = ApiKey
        fields = ["name"]


WITH_VALUE = OpenApiExample("A key with its value", value=SHOWN | {"value": VALUE}, response_only=True)


class KeyView(AppView):
    access: ClassVar = OWNERS
    queryset = ApiKey.objects.none()
    serializer_class = ApiKeySerializer

    def get_queryset(self) -> QuerySet[ApiKey]:
        return ApiKey.objects.filter(app=self.app).select_related("app", "created_by")

    def find(self, *, lock: bool = False) -> ApiKey:
        rows = self.get_queryset()
        rows = rows.select_for_update(of=("self",)) if lock else rows
        key = rows.filter(pk=self.kwargs["key"]).first()
        if key is None:
            raise NotHere(what="API key")
        return key

    def with_value(self, key: ApiKey, value: str, **more: Any) -> Response:
        return Response(self.get_serializer(key).data | {"value": value}, **more)


class ApiKeys(KeyView):
    pagination_class = CursorPages
    filter_backends = (filters.DjangoFilterBackend,)
    filterset_class = ApiKeyFilter

    @extend_schema(operation_id="list_api_keys", responses=ApiKeySerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists the App's keys, the newest first, also those that ended. For staff sessions of owners alone."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="create_api_key",
        request=ApiKeySerializer,
        responses={201: ApiKeyWithValueSerializer},
        examples=[
            WITH_VALUE,
            OpenApiExample("A chat channel's key", value={"name": "Web chat", "scopes": ["chat"]}, request_only=True),
        ],
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Makes a key. Its value is told in this answer and never again. A key cannot make another key."""
        values = checked(self.get_serializer(data=request.data))
        api_keys.require_future(values.get("expires_at"))
        key, value = api_keys.create(self.app, by=self.caller.user, **values)
        place = reverse("api-key", kwargs={"app": self.app.slug, "key": key.pk})
        return self.with_value(key, value, status=201, headers={"Location": place})


class OneApiKey(KeyView):
    editable = True

    @extend_schema(operation_id="read_api_key")
    def get(self, request: Request, **_: Any) -> Response:
        """Reads one key, without its value."""
        return Response(self.get_serializer(self.find()).data)

    @extend_schema(operation_id="change_api_key")
    def patch(self, request: Request, **_: Any) -> Response:
        """Changes name, scopes, limit or end; the value stays. An expired key works again when given more time."""
        with transaction.atomic():
            key = self.find(lock=True)
            self.check_match(request, self.get_serializer(key).data)
            wanted = checked(self.get_serializer(key, data=request.data, partial=True))
            api_keys.change(key, by=self.caller.user, **wanted)
        return Response(self.get_serializer(key).data)


class ApiKeyRotation(KeyView):
    @extend_schema(
        operation_id="rotate_api_key",
        request=ApiKeyRotationSerializer,
        responses=ApiKeyWithValueSerializer,
        examples=[WITH_VALUE],
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Gives the key a new value, told in this answer alone; the old one is still taken until the overlap ends."""
        wanted = sent(request, ApiKeyRotationSerializer)
        key = self.find()
        overlap = timedelta(seconds=wanted["overlap_seconds"])
        value = api_keys.rotate(key, overlap, by=self.caller.user)
        return self.with_value(key, value)


class ApiKeyRevocation(KeyView):
    @extend_schema(operation_id="revoke_api_key", request=None)
    def post(self, request: Request, **_: Any) -> Response:
        """Ends the key at once, with every token that was minted with it, for good. Repeating it changes nothing."""
        key = self.find()
        api_keys.revoke(key, by=self.caller.user)
        return Response(self.get_serializer(key).data)
