"""The audit: who changed, used and ended authorizations. Written by the platform alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from integrations.models import AuditEntry
from xoplatform.models import Scope
from xoplatform.rest.access import Access
from xoplatform.rest.pagination import CursorPages
from xoplatform.rest.reading import asked
from xoplatform.rest.views import AppView

from .parts import IdField, ProviderField

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.response import Response


class AuditSerializer(serializers.ModelSerializer[AuditEntry]):
    """One thing that was done."""

    who = serializers.CharField(
        read_only=True, help_text="Staff or a key by name, otherwise `the person` or `the platform`."
    )
    end_user_id = serializers.IntegerField(read_only=True, allow_null=True, help_text="Whom it is about.")
    pseudonym = serializers.CharField(read_only=True, help_text="Stands for a person who was erased.")
    details = serializers.DictField(read_only=True)

    class Meta:
        model = AuditEntry
        fields = [
            "id",
            "at",
            "verb",
            "who",
            "end_user_id",
            "pseudonym",
            "provider",
            "connection_id",
            "object",
            "details",
        ]
        read_only_fields = fields


class AuditQuery(serializers.Serializer[Any]):
    verb = serializers.ChoiceField(AuditEntry.Verb.choices, required=False)
    provider = ProviderField(required=False)
    end_user_id = IdField(required=False, help_text="About one person.")
    connection_id = IdField(required=False, help_text="About one connection, which may be gone.")
    who = serializers.CharField(
        required=False, max_length=200, source="actor_name", help_text="Staff by name, or a key as `API key <name>`."
    )
    after = serializers.DateTimeField(required=False, source="at__gte", help_text="Done then or later.")
    before = serializers.DateTimeField(required=False, source="at__lt", help_text="Done before.")


class NewestEntriesFirst(CursorPages):
    ordering = ("-at", "-id")


class Audit(AppView):
    access: ClassVar = Access(Scope.CONFIGURATION)
    pagination_class = NewestEntriesFirst

    @extend_schema(operation_id="list_audit", parameters=[AuditQuery], responses=AuditSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists what was done to the App's authorizations, the newest first."""
        page = self.paginate_queryset(AuditEntry.objects.filter(app=self.app, **asked(request, AuditQuery)))
        return self.get_paginated_response(AuditSerializer(page, many=True).data)
