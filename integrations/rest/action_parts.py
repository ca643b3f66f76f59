"""How actions look in the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from integrations.catalog import registry
from integrations.models import Action, Connection

from .parts import IdField

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class GrantOfAction(serializers.ModelSerializer[Connection]):
    """The App's own connection, in short."""

    account_email = serializers.CharField(read_only=True, help_text="Empty where the provider does not tell it.")
    site_url = serializers.CharField(read_only=True)

    class Meta:
        model = Connection
        fields = ["id", "state", "kind", "account_name", "account_email", "site_id", "site_name", "site_url"]
        read_only_fields = fields


class RefusedEdition(serializers.Serializer[Any]):
    edition = serializers.CharField(help_text="An edition that cannot be authorized.")
    reason = serializers.CharField(help_text="Why not.")


class OfferedChoices(serializers.Serializer[Any]):
    """What can be chosen for this provider."""

    authorization_types = serializers.ListField(child=serializers.CharField())
    methods = serializers.ListField(child=serializers.CharField())
    cards = serializers.ListField(child=serializers.CharField())
    editions = serializers.ListField(child=serializers.CharField())
    refused_editions = RefusedEdition(many=True)


class ActionSerializer(serializers.ModelSerializer[Action]):
    """An App's use of a provider."""

    title = serializers.SerializerMethodField(help_text="The provider's name for people.")
    configured = serializers.BooleanField(read_only=True, help_text="Whether it was enabled at least once.")
    edition = serializers.ChoiceField(
        Action.Edition.choices, read_only=True, allow_blank=True, help_text="Empty until it is chosen."
    )
    error_reason = serializers.CharField(read_only=True, help_text="Why it is in error; empty otherwise.")
    connection = serializers.SerializerMethodField(help_text="The App's own connection; null where there is none.")
    offered = serializers.SerializerMethodField(help_text="What can be chosen.")

    class Meta:
        model = Action
        fields = [
            "provider",
            "title",
            "status",
            "configured",
            "error_reason",
            "authorization_type",
            "method",
            "card",
            "edition",
            "tenant",
            "profile_id",
            "invite_new_users",
            "first_enabled_at",
            "connection",
            "offered",
        ]
        read_only_fields = fields
        extra_kwargs = {"profile_id": {"allow_null": True, "help_text": "The authorization profile of Custom."}}

    def get_title(self, action: Action) -> str:
        return registry.provider(action.provider).manifest.title

    @extend_schema_field(GrantOfAction(allow_null=True))
    def get_connection(self, action: Action) -> Any:
        found = self.context["grants"].get(action.pk)
        return GrantOfAction(found).data if found else None

    @extend_schema_field(OfferedChoices)
    def get_offered(self, action: Action) -> dict[str, Any]:
        manifest = registry.provider(action.provider).manifest
        known = manifest.authorization
        refused = [{"edition": name, "reason": reason} for name, reason in manifest.refused_editions.items()]
        return {
            "authorization_types": list(known.types),
            "methods": list(known.methods),
            "cards": list(known.cards),
            "editions": list(manifest.editions),
            "refused_editions": refused,
        }


def told(actions: Iterable[Action]) -> list[dict[str, Any]]:
    """Actions as the API shows them, with the App's own connections in one query."""
    rows = list(actions)
    serializer = ActionSerializer(rows, many=True, context={"grants": _grants_of(rows)})
    return list(serializer.data)


def told_one(action: Action) -> dict[str, Any]:
    """One action as the API shows it."""
    return told([action])[0]


def _grants_of(actions: Iterable[Action]) -> Mapping[int, Connection]:
    stored = [action.pk for action in actions if action.pk]
    if not stored:
        return {}
    rows = Connection.objects.filter(action__in=stored, end_user=None).defer("access_token", "refresh_token")
    return {row.action_id: row for row in rows}


class ActionChange(serializers.Serializer[Any]):
    """What is chosen; what is left out stays as it is."""

    authorization_type = serializers.ChoiceField(
        Action.AuthorizationType.choices,
        required=False,
        help_text="Whether the App has one grant for everybody, or each person an own one.",
    )
    method = serializers.ChoiceField(Action.Method.choices, required=False)
    card = serializers.ChoiceField(
        Action.Card.choices, required=False, help_text="The installation's registration, or a profile of your own."
    )
    edition = serializers.ChoiceField(
        Action.Edition.choices, required=False, help_text="The edition of your site; some cannot be authorized."
    )
    tenant = serializers.CharField(
        required=False, allow_blank=True, max_length=100, help_text="Stands for {tenant} in a profile with subdomains."
    )
    profile_id = IdField(required=False, allow_null=True, help_text="The authorization profile of Custom.")
    confirm_end = serializers.BooleanField(
        default=False, help_text="That connections which work may end, and have to be authorized again."
    )


class EnableBody(serializers.Serializer[Any]):
    confirm_people = serializers.IntegerField(
        min_value=0,
        max_value=10**9,
        default=0,
        help_text="Under `allow_users`: how many people will be mailed a link, as `…/audience/` tells it in `by_mail`.",
    )
    invite_new_users = serializers.BooleanField(
        required=False, help_text="Under `allow_users`: whether new end users with an e-mail are sent a link."
    )


class AudienceSerializer(serializers.Serializer[Any]):
    by_mail = serializers.IntegerField(help_text="People who will be mailed a link.")
    in_chat = serializers.IntegerField(help_text="People without an e-mail; they get theirs in chat.")
    holding = serializers.IntegerField(help_text="People with a mailed link that still works; they get no other.")


class EnabledSerializer(serializers.Serializer[Any]):
    action = ActionSerializer()
    first = serializers.BooleanField(help_text="Whether it is enabled for the first time.")
    batch_id = serializers.IntegerField(allow_null=True, help_text="The round of links that is on its way.")
    people = AudienceSerializer(allow_null=True, help_text="Under `allow_users`: who gets a link, and how.")


class LossesSerializer(serializers.Serializer[Any]):
    """What the deletion takes with it."""

    connections = serializers.IntegerField(help_text="Connections that are deleted with all tokens.")
    people = serializers.IntegerField(help_text="People among them, who will have to authorize again.")
    links = serializers.IntegerField(help_text="Authorization links that are deleted.")
    live_links = serializers.IntegerField(help_text="Those of them that can still be used.")
    dialog_tasks = serializers.ListField(
        child=serializers.CharField(), help_text="Dialog tasks that will stop working."
    )
