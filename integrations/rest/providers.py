"""Providers that are installed, and their operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from integrations.catalog import registry
from xoplatform.models import Scope
from xoplatform.rest.access import Access
from xoplatform.rest.pagination import Whole, whole
from xoplatform.rest.views import AppView

if TYPE_CHECKING:
    from rest_framework.request import Request

    from integrations.catalog.manifest import Manifest
    from integrations.catalog.operations import Operation


class ProviderSerializer(serializers.Serializer[Any]):
    """A third-party system that actions can use."""

    name = serializers.CharField()
    title = serializers.CharField(help_text="Its name for people.")
    description = serializers.CharField()
    vendor = serializers.CharField(help_text="At whose pages people sign in.")
    help_url = serializers.CharField(allow_blank=True)
    scopes = serializers.ListField(child=serializers.CharField(), help_text="What a sign-in with System asks for.")


class OperationSerializer(serializers.Serializer[Any]):
    """One call of the provider's API."""

    operation_id = serializers.CharField()
    title = serializers.CharField(help_text="Its name for people.")
    description = serializers.CharField(allow_blank=True)
    method = serializers.CharField()
    path = serializers.CharField(help_text="Below the site or the provider's platform.")
    idempotent = serializers.BooleanField(help_text="Whether it may be repeated without doing anything twice.")
    scopes = serializers.ListField(child=serializers.CharField(), help_text="What the grant has to cover.")
    parameters = serializers.DictField(help_text="JSON Schema of the parameters.")
    body = serializers.DictField(allow_null=True, help_text="JSON Schema of the body; null where it takes none.")
    body_required = serializers.BooleanField()
    timeout = serializers.FloatField(help_text="Seconds after which it is given up, unless you name others.")


def told_provider(manifest: Manifest) -> dict[str, Any]:
    return {
        "name": manifest.name,
        "title": manifest.title,
        "description": manifest.description,
        "vendor": manifest.vendor or manifest.title,
        "help_url": manifest.help_url,
        "scopes": list(manifest.authorization.oauth.scopes),
    }


def told_operation(operation: Operation) -> dict[str, Any]:
    return {
        "operation_id": operation.name,
        "title": operation.title,
        "description": operation.description,
        "method": operation.method,
        "path": operation.path,
        "idempotent": operation.idempotent,
        "scopes": list(operation.scopes),
        "parameters": operation.parameters_schema,
        "body": operation.body,
        "body_required": operation.body_required,
        "timeout": operation.timeout,
    }


class CatalogView(AppView):
    access: ClassVar = Access(Scope.CONFIGURATION)
    pagination_class = Whole


class Providers(CatalogView):
    @extend_schema(operation_id="list_providers", responses=ProviderSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists the providers that are installed here."""
        return whole([told_provider(one.manifest) for one in registry.providers().values()])


class OneProvider(CatalogView):
    @extend_schema(operation_id="read_provider", responses=ProviderSerializer)
    def get(self, request: Request, provider: str, **_: Any) -> Response:
        """Reads one provider."""
        return Response(told_provider(registry.provider(provider).manifest))


class Operations(CatalogView):
    @extend_schema(operation_id="list_operations", responses=OperationSerializer(many=True))
    def get(self, request: Request, provider: str, **_: Any) -> Response:
        """Lists what can be called at the provider, with the schemas of parameters and bodies."""
        return whole([told_operation(one) for one in registry.provider(provider).operations.values()])


class OneOperation(CatalogView):
    @extend_schema(operation_id="read_operation", responses=OperationSerializer)
    def get(self, request: Request, provider: str, operation: str, **_: Any) -> Response:
        """Reads one operation."""
        return Response(told_operation(registry.operation(provider, operation)))
