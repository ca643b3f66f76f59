"""Apps: those that the caller may see. They are made and deleted in admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from xoplatform.models import App, Scope
from xoplatform.rest.access import Access
from xoplatform.rest.pagination import CursorPages
from xoplatform.rest.strict import StrictSerializer
from xoplatform.rest.views import ApiView, AppView

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


class AppSerializer(StrictSerializer, serializers.ModelSerializer[App]):
    class Meta:
        model = App
        fields = ["slug", "name", "description", "locale", "time_zone", "identity_rule", "created_at"]
        read_only_fields = ["slug", "created_at"]


class Apps(ApiView):
    """The Apps that you may see: with a key, its own."""

    serializer_class = AppSerializer
    pagination_class = CursorPages

    def get_queryset(self) -> QuerySet[App]:
        if self.caller.key is not None:
            return App.objects.filter(pk=self.caller.key.app_id)
        return App.objects.visible_to(self.caller.user) if self.caller.user else App.objects.none()

    @extend_schema(operation_id="list_apps", responses=AppSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Lists the Apps that you may see."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class OneApp(AppView):
    access: ClassVar = Access(Scope.CONFIGURATION)
    serializer_class = AppSerializer
    editable = True

    @extend_schema(operation_id="read_app")
    def get(self, request: Request, **_: Any) -> Response:
        """Reads one App."""
        return Response(self.get_serializer(self.app).data)

    @extend_schema(operation_id="change_app")
    def patch(self, request: Request, **_: Any) -> Response:
        """Changes what was sent, and leaves the rest as it is."""
        with transaction.atomic():
            row = App.objects.select_for_update().get(pk=self.app.pk)
            self.check_match(request, self.get_serializer(row).data)
            change = self.get_serializer(row, data=request.data, partial=True)
            change.is_valid(raise_exception=True)
            change.save()
        return Response(change.data)
