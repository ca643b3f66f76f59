"""Authorization links: made for one person, given back once or mailed, watched and revoked."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from integrations.flows import holding, links
from integrations.flows.links.giving import hand_over, mail_over
from integrations.flows.links.states import CHOICES, in_state, word_of
from integrations.flows.readiness import code_tries_left
from integrations.link_errors import LinkCodeRefused
from integrations.models import AuthorizationLink, LinkBatch
from xoplatform.models import Scope
from xoplatform.rest.access import Access
from xoplatform.rest.errors import NotHere
from xoplatform.rest.pagination import CursorPages
from xoplatform.rest.reading import asked, sent
from xoplatform.rest.views import AppView

from .parts import IdField, ProviderField, end_user_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from xoplatform.models import App

RETURN, MAIL = "return", "mail"
DELIVERIES: Final = [(RETURN, "In the answer"), (MAIL, "By mail")]


class LinkSerializer(serializers.ModelSerializer[AuthorizationLink]):
    """An invitation for one person to connect one action."""

    provider = serializers.CharField(source="action.provider", read_only=True)
    end_user_id = serializers.IntegerField(read_only=True)
    external_id = serializers.CharField(source="end_user.external_id", read_only=True, help_text="The channel's id.")
    state = serializers.SerializerMethodField(help_text="What became of the link and of its mail, in one word.")
    batch_id = serializers.IntegerField(read_only=True, allow_null=True, help_text="The round that it belongs to.")
    code_needed = serializers.BooleanField(
        read_only=True, help_text="Whether the page shows a code after consent, which the person types back to you."
    )

    class Meta:
        model = AuthorizationLink
        fields = [
            "id",
            "provider",
            "end_user_id",
            "external_id",
            "channel",
            "state",
            "batch_id",
            "code_needed",
            "created_at",
            "expires_at",
            "sent_at",
            "opened_at",
            "used_at",
            "revoked_at",
            "send_error",
        ]
        read_only_fields = fields

    def get_state(self, link: AuthorizationLink) -> str:
        return word_of(link)


class NewLinkSerializer(LinkSerializer):
    """A link that was just made."""

    address = serializers.SerializerMethodField(
        help_text="What the person opens. It is told this once and is a secret: give it to nobody else. "
        "Null for a link that goes by mail."
    )

    class Meta(LinkSerializer.Meta):
        fields = [*LinkSerializer.Meta.fields, "address"]
        read_only_fields = fields

    def get_address(self, _link: AuthorizationLink) -> str | None:
        address: str | None = self.context["address"]
        return address


class LinkBody(serializers.Serializer[Any]):
    provider = ProviderField()
    end_user_id = IdField(help_text="For whom.")
    delivery = serializers.ChoiceField(
        DELIVERIES, default=RETURN, help_text="`return`: its address is in the answer. `mail`: to the person's e-mail."
    )
    vouched = serializers.BooleanField(
        default=False,
        help_text="You have signed the person in, so no code has to be typed back. "
        "Only if nobody else can read the link.",
    )


class LinkQuery(serializers.Serializer[Any]):
    state = serializers.ChoiceField(CHOICES, required=False)
    provider = ProviderField(required=False)
    end_user_id = IdField(required=False, help_text="Of one person.")
    channel = serializers.ChoiceField(AuthorizationLink.Channel.choices, required=False)
    batch_id = IdField(required=False, help_text="Of one round.")


class LinkCode(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=40, help_text="What the person was shown after consent.")


def of_app(app: App) -> QuerySet[AuthorizationLink]:
    rows = AuthorizationLink.objects.filter(action__app=app).select_related("action__app", "end_user")
    return rows.order_by("-pk").defer("token_hash", "code_hash")


class Links(AppView):
    access: ClassVar = Access(Scope.PEOPLE)
    serializer_class = LinkSerializer
    pagination_class = CursorPages

    @extend_schema(operation_id="list_authorization_links", parameters=[LinkQuery], responses=LinkSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists the links that were made, the newest first. None of their addresses can be shown again."""
        wanted = asked(request, LinkQuery)
        rows = of_app(self.app)
        if provider := wanted.pop("provider", ""):
            rows = rows.filter(action__provider=provider)
        if state := wanted.pop("state", ""):
            rows = rows.filter(in_state(state))
        page = self.paginate_queryset(rows.filter(**wanted))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="create_authorization_link",
        request=LinkBody,
        responses={201: NewLinkSerializer},
        examples=[OpenApiExample("In the answer", {"provider": "jira", "end_user_id": 7}, request_only=True)],
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Makes a link with which one person connects one action.

        Nothing is connected before the person has opened it, consented at the provider, and confirmed the account.
        """
        body = sent(request, LinkBody)
        person, address = end_user_of(self.app, body["end_user_id"]), None
        if body["delivery"] == MAIL:
            link = mail_over(self.app.pk, person, body["provider"], user=self.caller.actor)
        else:
            link, address = hand_over(
                self.app.pk, person, body["provider"], vouched=body["vouched"], user=self.caller.actor
            )
        data = NewLinkSerializer(link, context={"address": address}).data
        where = reverse("api-authorization-link", args=[self.app.slug, link.pk])
        return Response(data, status=201, headers={"Location": request.build_absolute_uri(where)})


class LinkView(AppView):
    access: ClassVar = Access(Scope.PEOPLE)

    def find(self) -> AuthorizationLink:
        """Raises NotHere."""
        found = of_app(self.app).filter(pk=self.kwargs["link_id"]).first()
        if found is None:
            raise NotHere(what="authorization link")
        return found


class OneLink(LinkView):
    @extend_schema(operation_id="read_authorization_link", responses=LinkSerializer)
    def get(self, request: Request, **_: Any) -> Response:
        """Reads what became of one link."""
        return Response(LinkSerializer(self.find()).data)


class Revoke(LinkView):
    @extend_schema(operation_id="revoke_authorization_link", request=None, responses=LinkSerializer)
    def post(self, request: Request, **_: Any) -> Response:
        """Makes the link unusable; a mail that still waits is not sent. One that was used stays used."""
        link = self.find()
        links.revoke(link, user=self.caller.actor)
        return Response(LinkSerializer(link).data)


class Confirm(LinkView):
    @extend_schema(operation_id="confirm_authorization_link", request=LinkCode, responses=LinkSerializer)
    def post(self, request: Request, **_: Any) -> Response:
        """Takes the code that the person was shown after consent and typed back; what waited is connected then.

        A link forgives five wrong codes.
        """
        link = self.find()
        code = sent(request, LinkCode)["code"]
        if not holding.confirm_code(self.app.pk, link.end_user_id, link.action.provider, code):
            left = code_tries_left(self.app.pk, link.end_user_id, link.action.provider)
            raise LinkCodeRefused(left=left or 0)
        link.refresh_from_db()
        return Response(LinkSerializer(link).data)


class LinkProgress(serializers.Serializer[Any]):
    total = serializers.IntegerField(help_text="Links of this round.")
    sent = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="Mails that wait or are being sent.")
    failed = serializers.IntegerField()
    unknown = serializers.IntegerField(help_text="Mails of which nobody knows whether they left.")
    withdrawn = serializers.IntegerField()
    without_email = serializers.IntegerField(help_text="People who get theirs in chat.")


class LinkBatchSerializer(serializers.ModelSerializer[LinkBatch]):
    """One round of links, and how far its mails are."""

    provider = serializers.CharField(source="action.provider", read_only=True)
    done = serializers.SerializerMethodField(help_text="Whether all are made, and no mail waits.")
    progress = LinkProgress(source="counted", read_only=True)

    class Meta:
        model = LinkBatch
        fields = ["id", "provider", "created_at", "everybody", "done", "progress"]
        read_only_fields = fields

    def get_done(self, batch: Any) -> bool:
        done: bool = batch.is_done
        return done


def _counted(batches: list[Any]) -> list[Any]:
    """With their progress, counted in one query."""
    progress = links.progress_of(batches)
    for batch in batches:
        batch.counted, batch.is_done = asdict(progress[batch.pk]), progress[batch.pk].done
    return batches


class LinkBatchQuery(serializers.Serializer[Any]):
    provider = ProviderField(required=False)


class LinkBatches(AppView):
    access: ClassVar = Access(Scope.PEOPLE)
    pagination_class = CursorPages

    @extend_schema(
        operation_id="list_link_batches", parameters=[LinkBatchQuery], responses=LinkBatchSerializer(many=True)
    )
    def get(self, request: Request, **_: Any) -> Response:
        """Lists the rounds of links that enabling an action has asked for, the newest first."""
        rows = LinkBatch.objects.filter(action__app=self.app).select_related("action")
        if provider := asked(request, LinkBatchQuery).get("provider"):
            rows = rows.filter(action__provider=provider)
        page = _counted(list(self.paginate_queryset(rows.order_by("-pk")) or []))
        return self.get_paginated_response(LinkBatchSerializer(page, many=True).data)


class OneLinkBatch(AppView):
    access: ClassVar = Access(Scope.PEOPLE)

    @extend_schema(operation_id="read_link_batch", responses=LinkBatchSerializer)
    def get(self, request: Request, batch_id: int, **_: Any) -> Response:
        """Reads how far one round of links is."""
        found = LinkBatch.objects.filter(action__app=self.app, pk=batch_id).select_related("action").first()
        if found is None:
            raise NotHere(what="link batch")
        return Response(LinkBatchSerializer(_counted([found])[0]).data)
