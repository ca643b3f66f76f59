"""The log of a webhook over the API, and sending what is in it once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from dialogs.flows.webhooks import replaying
from dialogs.models import WebhookDelivery
from xoplatform.rest.errors import NotHere
from xoplatform.rest.pagination import CursorPages
from xoplatform.rest.reading import sent

from .webhook_shapes import (
    CountSerializer,
    DeliveryFilter,
    DeliverySerializer,
    SinceSerializer,
    WholeDeliverySerializer,
)
from .webhooks import WebhookView

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


class DeliveryView(WebhookView):
    def get_queryset(self) -> QuerySet[WebhookDelivery]:
        return WebhookDelivery.objects.filter(webhook=self.hook).select_related("event")

    def delivery(self) -> WebhookDelivery:
        """The delivery that the address names. Raises NotHere."""
        row = self.get_queryset().filter(pk=self.kwargs["delivery"]).first()
        if row is None:
            raise NotHere(what="delivery")
        row.webhook = self.hook
        return row


class Deliveries(DeliveryView):
    serializer_class = DeliverySerializer
    pagination_class = CursorPages
    queryset = WebhookDelivery.objects.none()
    filter_backends = (DjangoFilterBackend,)
    filterset_class = DeliveryFilter

    @extend_schema(operation_id="list_webhook_deliveries", responses=DeliverySerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists what was sent to the webhook or waits to be, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset().defer("event__data")))
        return self.get_paginated_response(DeliverySerializer(page, many=True).data)


class OneDelivery(DeliveryView):
    serializer_class = WholeDeliverySerializer

    @extend_schema(operation_id="read_webhook_delivery")
    def get(self, request: Request, **_: Any) -> Response:
        """Reads a delivery with what is sent and every try."""
        return Response(WholeDeliverySerializer(self.delivery()).data)


class Replay(DeliveryView):
    serializer_class = DeliverySerializer

    @extend_schema(operation_id="replay_webhook_delivery", request=None, responses={202: DeliverySerializer})
    def post(self, request: Request, **_: Any) -> Response:
        """Has a delivery sent again under the same id, whatever became of it, for another day if need be."""
        row = self.delivery()
        replaying.replay(row)
        row.refresh_from_db()
        return Response(DeliverySerializer(row).data, status=202)


class ReplayAll(WebhookView):
    serializer_class = CountSerializer

    @extend_schema(operation_id="replay_webhook_deliveries", request=SinceSerializer, responses={202: CountSerializer})
    def post(self, request: Request, **_: Any) -> Response:
        """Has every delivery since a time sent again that was not taken."""
        given = sent(request, SinceSerializer)
        return Response({"count": replaying.replay_failed(self.hook, given["since"])}, status=202)
