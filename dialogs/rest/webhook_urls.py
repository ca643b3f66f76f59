"""Addresses of webhooks and their deliveries."""

from __future__ import annotations

from django.urls import include, path

from . import deliveries, webhooks

of_one = [
    path("", webhooks.OneWebhook.as_view(), name="api-webhook"),
    path("rotate-secret/", webhooks.SecretRotation.as_view(), name="api-webhook-secret"),
    path("ping/", webhooks.Ping.as_view(), name="api-webhook-ping"),
    path("replay/", deliveries.ReplayAll.as_view(), name="api-webhook-replay"),
    path("deliveries/", deliveries.Deliveries.as_view(), name="api-deliveries"),
    path("deliveries/<id:delivery>/", deliveries.OneDelivery.as_view(), name="api-delivery"),
    path("deliveries/<id:delivery>/replay/", deliveries.Replay.as_view(), name="api-delivery-replay"),
]

urlpatterns = [
    path("webhooks/", webhooks.Webhooks.as_view(), name="api-webhooks"),
    path("webhooks/<uuid:webhook>/", include(of_one)),
]
