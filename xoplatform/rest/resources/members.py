"""Members: which staff work on an App, and as what. Keys read them; only owners with a session change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.urls import reverse
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from xoplatform import members
from xoplatform.models import Member, Role, Scope
from xoplatform.rest.access import Access, Keys
from xoplatform.rest.errors import NotHere
from xoplatform.rest.pagination import CursorPages
from xoplatform.rest.reading import sent
from xoplatform.rest.strict import StrictSerializer
from xoplatform.rest.views import AppView

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


class MemberSerializer(StrictSerializer, serializers.ModelSerializer[Member]):
    user_name = serializers.CharField(source="user.username", read_only=True)
    name = serializers.CharField(source="user.get_full_name", read_only=True)
    email = serializers.CharField(source="user.email", read_only=True)

    class Meta:
        model = Member
        fields = ["id", "user_name", "name", "email", "role", "created_at"]
        read_only_fields = ["created_at"]
        extra_kwargs: ClassVar = {"role": {"help_text": "Each role may do all that those before it may."}}


class NewMemberSerializer(StrictSerializer):
    person = serializers.CharField(max_length=254, help_text="User name or e-mail of an existing staff account.")
    role = serializers.ChoiceField(Role.choices, default=Role.DEVELOPER)


class MemberRoleSerializer(StrictSerializer):
    role = serializers.ChoiceField(Role.choices, required=False)


class MemberFilter(filters.FilterSet):  # type: ignore[misc]  # django-filter ships no types
    role = filters.ChoiceFilter(choices=Role.choices, help_text="Those with exactly this role.")

    class Meta:
        model = Member
        fields = ["role"]


class MemberView(AppView):
    access: ClassVar = Access(Scope.CONFIGURATION, write=Role.OWNER, keys=Keys.READ)
    queryset = Member.objects.none()
    serializer_class = MemberSerializer

    def get_queryset(self) -> QuerySet[Member]:
        return Member.objects.filter(app=self.app).select_related("user")

    def find(self, *, lock: bool = False) -> Member:
        rows = self.get_queryset()
        rows = rows.select_for_update(of=("self",)) if lock else rows
        member = rows.filter(pk=self.kwargs["member"]).first()
        if member is None:
            raise NotHere(what="member")
        return member


class Members(MemberView):
    pagination_class = CursorPages
    filter_backends = (filters.DjangoFilterBackend,)
    filterset_class = MemberFilter

    @extend_schema(operation_id="list_members", responses=MemberSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists the App's members, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="add_member",
        request=NewMemberSerializer,
        responses={201: MemberSerializer},
        examples=[OpenApiExample("A developer", value={"person": "devi", "role": "developer"}, request_only=True)],
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Makes a staff account a member of the App. For staff sessions of owners alone."""
        wanted = sent(request, NewMemberSerializer)
        member = members.add(self.app, wanted["person"], Role(wanted["role"]))
        place = reverse("api-member", kwargs={"app": self.app.slug, "member": member.pk})
        return Response(self.get_serializer(member).data, status=201, headers={"Location": place})


class OneMember(MemberView):
    editable = True

    @extend_schema(operation_id="read_member")
    def get(self, request: Request, **_: Any) -> Response:
        """Reads one member."""
        return Response(self.get_serializer(self.find()).data)

    @extend_schema(operation_id="change_member", request=MemberRoleSerializer)
    def patch(self, request: Request, **_: Any) -> Response:
        """Gives a member another role. An App keeps one owner at least."""
        with transaction.atomic():
            member = self.find(lock=True)
            self.check_match(request, self.get_serializer(member).data)
            wanted = sent(request, MemberRoleSerializer)
            members.change_role(member, Role(wanted.get("role", member.role)))
        return Response(self.get_serializer(member).data)

    @extend_schema(operation_id="remove_member", responses={204: None})
    def delete(self, request: Request, **_: Any) -> Response:
        """Ends a membership; the staff account stays. An App keeps one owner at least."""
        with transaction.atomic():
            member = self.find(lock=True)
            self.check_match(request, self.get_serializer(member).data)
            members.remove(member)
        return Response(status=204)
