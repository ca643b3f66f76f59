"""Webhooks over the API: made, changed, given another secret, tried, taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db import transaction
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response
from rest_framework.reverse import reverse

from dialogs.errors import BadWebhook
from dialogs.flows.webhooks import keeping
from dialogs.models import Webhook
from xoplatform.models import Scope
from xoplatform.rest.access import Access
from xoplatform.rest.errors import Invalid, NotHere
from xoplatform.rest.pagination import Whole, whole
from xoplatform.rest.reading import checked, sent
from xoplatform.rest.views import AppView

from .webhook_shapes import (
    DeliverySerializer,
    WebhookChangeSerializer,
    WebhookSerializer,
    WebhookWithSecretSerializer,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from rest_framework.request import Request

T = TypeVar("T")
NEW = OpenApiExample(
    "A chat channel",
    {"name": "Web chat", "url": "https://chat.example.com/events", "events": ["message.created"]},
    request_only=True,
)


def saved(save: Callable[[], T]) -> T:
    """What ``save`` returns, or the field at fault named as elsewhere in the API."""
    try:
        return save()
    except BadWebhook as error:
        reason = str(error.details["reason"])
        raise Invalid([((error.details["field"],), f"{reason[0].upper()}{reason[1:]}")]) from None


class Webhooks(AppView):
    access: ClassVar = Access(Scope.CONFIGURATION)
    serializer_class = WebhookSerializer
    queryset = Webhook.objects.none()
    pagination_class = Whole

    @extend_schema(operation_id="list_webhooks", responses=WebhookSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists the App's webhooks, of which there are twenty at most."""
        return whole(list(WebhookSerializer(Webhook.objects.filter(app=self.app), many=True).data))

    @extend_schema(
        operation_id="create_webhook",
        request=WebhookChangeSerializer,
        responses={201: WebhookWithSecretSerializer},
        examples=[NEW],
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Makes a webhook. Its signing secret is told in this answer and never again."""
        given = sent(request, WebhookChangeSerializer)
        hook, secret = saved(lambda: keeping.create(self.app, **given, by=self.caller.actor))
        address = reverse("api-webhook", args=[self.app.slug, hook.key], request=request)
        told = WebhookSerializer(hook).data | {"secret": secret}
        return Response(told, status=201, headers={"Location": address})


class WebhookView(AppView):
    """An endpoint below ``webhooks/{webhook}/``."""

    access: ClassVar = Access(Scope.CONFIGURATION)
    serializer_class: Any = WebhookSerializer
    hook: Webhook

    def admit(self, request: Request) -> None:
        super().admit(request)
        self.hook = self.find(Webhook.objects.all())

    def find(self, rows: QuerySet[Webhook]) -> Webhook:
        """The webhook that the address names. Raises NotHere."""
        found = rows.filter(app=self.app, key=self.kwargs["webhook"]).first()
        if found is None:
            raise NotHere(what="webhook")
        found.app = self.app
        return found


class OneWebhook(WebhookView):
    editable = True

    @extend_schema(operation_id="read_webhook")
    def get(self, request: Request, **_: Any) -> Response:
        """Reads a webhook, without its secret."""
        return Response(WebhookSerializer(self.hook).data)

    @extend_schema(operation_id="change_webhook", request=WebhookChangeSerializer)
    def patch(self, request: Request, **_: Any) -> Response:
        """Changes what is given. Turned on again or given another address, it is tried at once."""
        with transaction.atomic():
            hook = self.find(Webhook.objects.select_for_update(of=("self",)))
            self.check_match(request, WebhookSerializer(hook).data)
            given = checked(WebhookChangeSerializer(data=request.data, partial=True))
            kept = {"name": hook.name, "url": hook.url, "events": hook.events, "active": hook.active}
            saved(lambda: keeping.change(hook, **kept | given, by=self.caller.actor))
        return Response(WebhookSerializer(hook).data)

    @extend_schema(operation_id="delete_webhook", responses={204: None})
    def delete(self, request: Request, **_: Any) -> Response:
        """Deletes a webhook with its log. What still waited is not sent."""
        with transaction.atomic():
            hook = self.find(Webhook.objects.select_for_update(of=("self",)))
            self.check_match(request, WebhookSerializer(hook).data)
            keeping.delete(hook, by=self.caller.actor)
        return Response(status=204)


class SecretRotation(WebhookView):
    @extend_schema(operation_id="rotate_webhook_secret", request=None, responses=WebhookWithSecretSerializer)
    def post(self, request: Request, **_: Any) -> Response:
        """Makes a new secret, told in this answer alone. For 24 hours everything is signed with both."""
        secret = keeping.rotate_secret(self.hook, by=self.caller.actor)
        return Response(WebhookSerializer(self.hook).data | {"secret": secret})


class Ping(WebhookView):
    @extend_schema(operation_id="ping_webhook", request=None, responses=DeliverySerializer)
    def post(self, request: Request, **_: Any) -> Response:
        """Sends an event of the type `ping` and waits for the answer, ten seconds at most. It is not repeated."""
        return Response(DeliverySerializer(keeping.ping(self.hook)).data)
