"""End users: the people who chat, known by the id that a channel gives them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from xoplatform import people, person_tokens
from xoplatform.erasure import consequences_of, erase
from xoplatform.models import EndUser, Scope
from xoplatform.rest.access import Access
from xoplatform.rest.errors import NotHere
from xoplatform.rest.pagination import CursorPages
from xoplatform.rest.reading import checked, sent
from xoplatform.rest.strict import StrictSerializer
from xoplatform.rest.views import AppView

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

SHORTEST_LIFE = 60
LONGEST_LIFE = int(person_tokens.LONGEST_LIFE.total_seconds())
LIFE = int(person_tokens.LIFE.total_seconds())


class EndUserSerializer(StrictSerializer, serializers.ModelSerializer[EndUser]):
    class Meta:
        model = EndUser
        fields = ["id", "external_id", "email", "name", "locale", "time_zone", "created_at"]
        read_only_fields = ["external_id", "created_at"]
        extra_kwargs: ClassVar = {
            "email": {"help_text": "Where authorization links go by mail; empty: they are given in chat alone."},
            "locale": {"help_text": "Such as `de-CH`; empty: the App's."},
            "time_zone": {"help_text": "Such as `Europe/Zurich`; empty or unknown: the App's."},
        }


class NewEndUserSerializer(EndUserSerializer):
    external_id = serializers.CharField(
        max_length=200,
        trim_whitespace=False,
        help_text="The channel's id of this person; unique in the App, and it never changes.",
    )

    class Meta(EndUserSerializer.Meta):
        read_only_fields = ["created_at"]


class ErasureSerializer(StrictSerializer):
    consequences = serializers.ListField(
        child=serializers.CharField(), help_text="What an erasure would remove, in sentences."
    )


class TokenRequestSerializer(StrictSerializer):
    seconds = serializers.IntegerField(
        min_value=SHORTEST_LIFE, max_value=LONGEST_LIFE, default=LIFE, help_text="How long it is to be good for."
    )
    person_signed_in = serializers.BooleanField(
        default=False,
        help_text="Your site has signed this person in. Then a link to authorize that the chat gives asks for no code.",
    )


class TokenSerializer(StrictSerializer):
    token = serializers.CharField(help_text="Sent as bearer it acts for this person alone. It is stored nowhere.")
    expires_at = serializers.DateTimeField(help_text="Earlier when the key that minted it ends earlier.")


class EndUserFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    external_id = filters.CharFilter(strip=False, max_length=200, help_text="Exactly this id of the channel.")
    email = filters.CharFilter(
        lookup_expr="iexact", max_length=254, help_text="Exactly this address, capital letters or not."
    )

    class Meta:
        model = EndUser
        fields = ["external_id", "email"]


class EndUserView(AppView):
    queryset = EndUser.objects.none()
    serializer_class = EndUserSerializer
    access: ClassVar = Access(Scope.PEOPLE, also_read=(Scope.CHAT,))

    def get_queryset(self) -> QuerySet[EndUser]:
        return EndUser.objects.filter(app=self.app)

    def find(self, *, lock: bool = False) -> EndUser:
        rows = self.get_queryset()
        person = (rows.select_for_update() if lock else rows).filter(pk=self.kwargs["end_user"]).first()
        if person is None:
            raise NotHere(what="end user")
        return person


class EndUsers(EndUserView):
    access: ClassVar = Access(Scope.PEOPLE, also_read=(Scope.CHAT,), also_write=(Scope.CHAT,))
    pagination_class = CursorPages
    filter_backends = (filters.DjangoFilterBackend,)
    filterset_class = EndUserFilter

    @extend_schema(operation_id="list_end_users", responses=EndUserSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists the people who chat with the App, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="upsert_end_user",
        request=NewEndUserSerializer,
        responses={
            200: OpenApiResponse(EndUserSerializer, "The person was known; what was sent is theirs now."),
            201: OpenApiResponse(EndUserSerializer, "The person is new."),
        },
        examples=[
            OpenApiExample(
                "A person of a web chat",
                value={"external_id": "visitor-17", "email": "ada@example.com", "name": "Ada Ames"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Makes sure that the App knows this person: finds them by `external_id` or adds them.

        What is not sent stays as it is. A new person with an e-mail is sent links where an action of the App says so.
        """
        wanted = sent(request, NewEndUserSerializer)
        person, is_new = people.upsert(self.app, **wanted)
        place = reverse("api-end-user", kwargs={"app": self.app.slug, "end_user": person.pk})
        return Response(self.get_serializer(person).data, status=201 if is_new else 200, headers={"Location": place})


class OneEndUser(EndUserView):
    editable = True

    @extend_schema(operation_id="read_end_user")
    def get(self, request: Request, **_: Any) -> Response:
        """Reads one person."""
        return Response(self.get_serializer(self.find()).data)

    @extend_schema(operation_id="change_end_user")
    def patch(self, request: Request, **_: Any) -> Response:
        """Changes what was sent, and leaves the rest as it is."""
        with transaction.atomic():
            person = self.find(lock=True)
            self.check_match(request, self.get_serializer(person).data)
            people.change(person, **checked(self.get_serializer(person, data=request.data, partial=True)))
        return Response(self.get_serializer(person).data)

    @extend_schema(operation_id="erase_end_user", responses={204: None})
    def delete(self, request: Request, **_: Any) -> Response:
        """Erases a person with everything that is theirs, for good. `erasure/` tells beforehand what goes."""
        with transaction.atomic():
            person = self.find(lock=True)
            self.check_match(request, self.get_serializer(person).data)
            erase(person)
        return Response(status=204)


class Erasure(EndUserView):
    access: ClassVar = Access(Scope.PEOPLE)

    @extend_schema(operation_id="preview_erasure", responses=ErasureSerializer)
    def get(self, request: Request, **_: Any) -> Response:
        """Tells what erasing this person would remove. Nothing is removed."""
        return Response({"consequences": consequences_of(self.find())})


class EndUserTokens(EndUserView):
    access: ClassVar = Access(Scope.CHAT, read=None, write=None)

    @extend_schema(operation_id="mint_end_user_token", request=TokenRequestSerializer, responses={201: TokenSerializer})
    def post(self, request: Request, **_: Any) -> Response:
        """Mints a short-lived token with which a browser talks as this person and sees nothing of others.

        It ends with its time, with the key that minted it, and with the person.
        """
        wanted = sent(request, TokenRequestSerializer)
        assert self.caller.key is not None  # noqa: S101 -- what `access` lets in
        life = timedelta(seconds=wanted["seconds"])
        signed_in = wanted["person_signed_in"]
        token, ends = person_tokens.mint(self.caller.key, self.find(), life, signed_in=signed_in)
        return Response(TokenSerializer({"token": token, "expires_at": ends}).data, status=201)
