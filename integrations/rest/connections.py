"""Connections: whose grants the App holds, and in which state. No answer holds a token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from integrations.flows.disconnect import disconnect
from integrations.flows.listing import of_actions
from integrations.flows.sites import choose_site
from integrations.models import Action, Connection
from xoplatform.models import Role, Scope
from xoplatform.rest.access import Access
from xoplatform.rest.errors import NotHere
from xoplatform.rest.pagination import CursorPages
from xoplatform.rest.reading import asked, sent
from xoplatform.rest.views import AppView

from .actions import ActionView
from .parts import IdField, ProviderField

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from xoplatform.models import App

OWN, PEOPLE = "app", "people"


class ConnectionSite(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)


class ConnectionSerializer(serializers.ModelSerializer[Connection]):
    """A grant: the App's own, or one person's."""

    provider = serializers.CharField(source="action.provider", read_only=True)
    end_user_id = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Whose it is; null for the App's own."
    )
    external_id = serializers.CharField(
        source="end_user.external_id", default=None, allow_null=True, read_only=True, help_text="The channel's id."
    )
    account_email = serializers.CharField(read_only=True, help_text="Empty where the provider does not tell it.")
    site_url = serializers.CharField(read_only=True)
    sites = ConnectionSite(many=True, read_only=True, help_text="Sites that the grant reaches.")
    new_sites = ConnectionSite(many=True, read_only=True, help_text="Those that joined it since; none is chosen.")
    scopes = serializers.ListField(child=serializers.CharField(), read_only=True)
    ends_at = serializers.DateTimeField(
        source="refresh_expires_at", read_only=True, allow_null=True, help_text="When the grant ends, if unused."
    )

    class Meta:
        model = Connection
        fields = [
            "id",
            "provider",
            "end_user_id",
            "external_id",
            "kind",
            "state",
            "account_id",
            "account_name",
            "account_email",
            "site_id",
            "site_name",
            "site_url",
            "sites",
            "new_sites",
            "scopes",
            "last_error",
            "created_at",
            "authorized_at",
            "ends_at",
        ]
        read_only_fields = fields


class ConnectionQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(Connection.State.choices, required=False)
    provider = ProviderField(required=False)
    end_user_id = IdField(required=False, help_text="Of one person.")
    whose = serializers.ChoiceField(
        [(OWN, "The App's own"), (PEOPLE, "People's")], required=False, help_text="The App's own, or people's."
    )


class ConnectionChange(serializers.Serializer[Any]):
    site_id = serializers.CharField(max_length=100, help_text="One of `sites`, by its id.")


def of_app(app: App, provider: str = "") -> QuerySet[Connection]:
    """The App's connections, tokens left out."""
    actions = Action.objects.filter(app=app, **({"provider": provider} if provider else {}))
    rows = of_actions(Connection.objects.order_by("-pk"), list(actions.values_list("pk", flat=True)))
    return rows.select_related("action__app", "end_user").defer("access_token", "refresh_token")


class Connections(AppView):
    access: ClassVar = Access(Scope.PEOPLE)
    serializer_class = ConnectionSerializer
    pagination_class = CursorPages

    @extend_schema(
        operation_id="list_connections", parameters=[ConnectionQuery], responses=ConnectionSerializer(many=True)
    )
    def get(self, request: Request, **_: Any) -> Response:
        """Lists the grants that the App holds, the newest first."""
        wanted = asked(request, ConnectionQuery)
        rows = of_app(self.app, wanted.pop("provider", ""))
        if whose := wanted.pop("whose", ""):
            rows = rows.filter(end_user__isnull=whose == OWN)
        page = self.paginate_queryset(rows.filter(**wanted))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class ConnectionParts:
    """Reading, changing and ending one connection, wherever its address is."""

    def told(self, row: Connection) -> dict[str, Any]:
        return dict(ConnectionSerializer(row).data)

    def move(self: Any, request: Request) -> Response:
        site_id = sent(request, ConnectionChange)["site_id"]
        with transaction.atomic():
            row = self.locked_row(request)
            chosen = choose_site(row, site_id, actor=self.caller.actor)
        return Response(self.told(chosen))

    def end(self: Any, request: Request) -> Response:
        with transaction.atomic():
            disconnect(self.locked_row(request), actor=self.caller.actor)
        return Response(status=204)

    def locked_row(self: Any, request: Request) -> Connection:
        """The row, locked until the transaction ends. Raises NotHere and Changed."""
        found: Connection = self.find()
        row = Connection.objects.select_for_update(of=("self",)).filter(pk=found.pk)
        current = row.select_related("action__app", "end_user").defer("access_token", "refresh_token").first()
        if current is None:
            raise NotHere(what="connection")
        self.check_match(request, self.told(current))
        return current


class OneConnection(ConnectionParts, AppView):
    access: ClassVar = Access(Scope.PEOPLE)
    editable = True

    def find(self) -> Connection:
        """Raises NotHere, and NotAllowed for a key that may not change what serves everybody."""
        found = of_app(self.app).filter(pk=self.kwargs["connection_id"]).first()
        if found is None:
            raise NotHere(what="connection")
        if found.end_user_id is None and self.caller.key is not None:
            everybody = Access(Scope.CONFIGURATION)
            if self.request.method != "GET":
                everybody.require(self.caller, Role.OWNER, str(self.request.method))
        return found

    @extend_schema(operation_id="read_connection", responses=ConnectionSerializer)
    def get(self, request: Request, **_: Any) -> Response:
        """Reads one connection: its state, account and site."""
        return Response(self.told(self.find()))

    @extend_schema(operation_id="change_connection", request=ConnectionChange, responses=ConnectionSerializer)
    def patch(self, request: Request, **_: Any) -> Response:
        """Chooses the site that the connection works in, among those that the grant reaches.

        The App's own connection needs the scope configuration besides.
        """
        return self.move(request)

    @extend_schema(operation_id="end_connection", responses={204: None})
    def delete(self, request: Request, **_: Any) -> Response:
        """Disconnects: the tokens are erased here. The provider lists the permission until its owner removes it there.

        The App's own connection needs the scope configuration besides; its action goes to error.
        """
        return self.end(request)


class OwnConnection(ConnectionParts, ActionView):
    """The App's own connection, by its action."""

    editable = True

    def find(self) -> Connection:
        """Raises NotHere."""
        action = self.action_now
        found = of_app(self.app, action.provider).filter(end_user=None).first()
        if found is None:
            raise NotHere(what="connection of the App's own")
        return found

    @extend_schema(operation_id="read_own_connection", responses=ConnectionSerializer)
    def get(self, request: Request, **_: Any) -> Response:
        """Reads the grant that the App itself holds for this action."""
        return Response(self.told(self.find()))

    @extend_schema(operation_id="change_own_connection", request=ConnectionChange, responses=ConnectionSerializer)
    def patch(self, request: Request, **_: Any) -> Response:
        """Chooses the site that the App's own connection works in."""
        return self.move(request)

    @extend_schema(operation_id="end_own_connection", responses={204: None})
    def delete(self, request: Request, **_: Any) -> Response:
        """Disconnects the App's own grant. The action goes to error until it is authorized again."""
        return self.end(request)
