"""Webhooks and their deliveries as bodies."""

from __future__ import annotations

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from dialogs.flows.webhooks.keeping import LONGEST_NAME, LONGEST_URL, shown_url
from dialogs.flows.webhooks.payload import payload_of
from dialogs.flows.webhooks.types import PING, TYPES
from dialogs.models import Webhook, WebhookDelivery
from xoplatform.rest.strict import StrictSerializer

ALL = [*TYPES, PING]


class WebhookChangeSerializer(StrictSerializer):
    """What can be chosen about a webhook."""

    name = serializers.CharField(max_length=LONGEST_NAME, help_text="How it is called in admin.")
    url = serializers.CharField(
        max_length=LONGEST_URL,
        help_text="Gets each event as a signed POST. It begins with https, unless the installation allows its host.",
    )
    events = serializers.ListField(
        child=serializers.ChoiceField([(name, name) for name in TYPES]),
        allow_empty=False,
        max_length=len(TYPES),
        help_text="The types that it is sent.",
    )
    active = serializers.BooleanField(default=True, help_text="While it is off, nothing new is sent to it.")


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """An address that is told what happens in the App."""

    id = serializers.UUIDField(source="key", read_only=True)
    url = serializers.SerializerMethodField(help_text="With the values of its query hidden: they may be secrets.")
    events = serializers.ListField(child=serializers.ChoiceField([(name, name) for name in TYPES]), read_only=True)
    both_secrets_until = serializers.SerializerMethodField(
        help_text="After a rotation: until when everything is signed with the secret before it as well."
    )
    failures = serializers.IntegerField(
        read_only=True, help_text="Rounds in a row of which nothing got through; 0 when all is well."
    )

    class Meta:
        model = Webhook
        ref_name = "Webhook"
        fields = [
            "id",
            "name",
            "url",
            "events",
            "active",
            "off_reason",
            "failures",
            "both_secrets_until",
            "created_at",
        ]
        read_only_fields = fields
        extra_kwargs = {"off_reason": {"help_text": "Why it was turned off without anybody asking for it."}}

    @extend_schema_field(str)
    def get_url(self, hook: Webhook) -> str:
        return shown_url(hook)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_both_secrets_until(self, hook: Webhook) -> str | None:
        return hook.earlier_until.isoformat() if hook.both_secrets and hook.earlier_until else None


class WebhookWithSecretSerializer(WebhookSerializer):
    secret = serializers.CharField(
        read_only=True, help_text="What deliveries are signed with. It is told in this answer and never again."
    )

    class Meta(WebhookSerializer.Meta):
        ref_name = "WebhookWithSecret"
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class TrySerializer(serializers.Serializer[Any]):
    """One attempt to deliver."""

    class Meta:
        ref_name = "WebhookTry"

    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True, help_text="What the receiver answered; null when nothing came.")
    duration_ms = serializers.IntegerField(allow_null=True)
    error = serializers.CharField(allow_blank=True, help_text="Why it was not taken; empty when it was.")


class DeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    """One event on its way to a webhook."""

    event_id = serializers.CharField(source="event.public_id", read_only=True, help_text="The header `webhook-id`.")
    type = serializers.ChoiceField([(name, name) for name in ALL], read_only=True)
    attempts = TrySerializer(many=True, read_only=True)

    class Meta:
        model = WebhookDelivery
        ref_name = "WebhookDelivery"
        fields = ["id", "event_id", "type", "state", "attempts", "next_attempt_at", "retry_until", "created_at"]
        read_only_fields = fields
        extra_kwargs = {
            "next_attempt_at": {"help_text": "Null once it is delivered or given up."},
            "retry_until": {"help_text": "When it is given up."},
        }


class WholeDeliverySerializer(DeliverySerializer):
    payload = serializers.SerializerMethodField(
        help_text="What is sent, without the addresses of pages that are one person's alone."
    )

    class Meta(DeliverySerializer.Meta):
        ref_name = "WholeWebhookDelivery"
        fields = [*DeliverySerializer.Meta.fields, "payload"]

    @extend_schema_field(serializers.DictField())
    def get_payload(self, row: WebhookDelivery) -> dict[str, Any]:
        return payload_of(row.event, row.webhook.app.slug, addresses=False)


class DeliveryFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    state = filters.ChoiceFilter(choices=WebhookDelivery.State.choices)
    type = filters.ChoiceFilter(choices=[(name, name) for name in ALL])

    class Meta:
        model = WebhookDelivery
        fields = ["state", "type"]


class SinceSerializer(StrictSerializer):
    since = serializers.DateTimeField(help_text="Deliveries of events from then on that were not taken.")


class CountSerializer(serializers.Serializer[Any]):
    class Meta:
        ref_name = "WebhookReplay"

    count = serializers.IntegerField(help_text="How many are being sent again.")
