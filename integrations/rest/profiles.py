"""Authorization profiles: made, changed, tested and deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from integrations.errors import ProfileInvalid
from integrations.flows import profile_trial, profiles
from integrations.models import AuthorizationProfile
from xoplatform.core.crypto import Secret
from xoplatform.models import Role, Scope
from xoplatform.rest.access import Access
from xoplatform.rest.errors import NotHere
from xoplatform.rest.pagination import CursorPages
from xoplatform.rest.reading import sent
from xoplatform.rest.views import AppView

from .profile_parts import NewProfileBody, ProfileChange, ProfileSerializer, TrialBody, TrialResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rest_framework.request import Request

EXAMPLE = {
    "name": "Our Jira app",
    "type": "oauth2",
    "identity_provider": "Atlassian",
    "client_id": "your-client-id",
    "client_secret": "your-client-secret",
    "authorization_url": "https://auth.atlassian.com/authorize",
    "token_url": "https://auth.atlassian.com/oauth/token",
    "scopes": [{"key": "scope", "value": "read:jira-work"}, {"key": "scope", "value": "offline_access"}],
}


class Profiles(AppView):
    access: ClassVar = Access(Scope.CONFIGURATION)
    pagination_class = CursorPages

    @extend_schema(operation_id="list_authorization_profiles", responses=ProfileSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists the App's authorization profiles, the newest first."""
        page = self.paginate_queryset(AuthorizationProfile.objects.filter(app=self.app))
        return self.get_paginated_response(ProfileSerializer(page, many=True).data)

    @extend_schema(
        operation_id="create_authorization_profile",
        request=NewProfileBody,
        responses={201: ProfileSerializer},
        examples=[OpenApiExample("OAuth v2", EXAMPLE, request_only=True)],
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Saves a new profile. It is not chosen for any action by that."""
        wanted = sent(request, NewProfileBody)
        profile = _saved(AuthorizationProfile(app=self.app), wanted, may_end=True, actor=self.caller.actor)
        where = reverse("api-authorization-profile", args=[self.app.slug, profile.pk])
        headers = {"Location": request.build_absolute_uri(where)}
        return Response(ProfileSerializer(profile).data, status=201, headers=headers)


class ProfileView(AppView):
    access: ClassVar = Access(Scope.CONFIGURATION)

    def find(self, *, lock: bool = False) -> AuthorizationProfile:
        """Raises NotHere."""
        rows = AuthorizationProfile.objects.select_for_update() if lock else AuthorizationProfile.objects.all()
        found = rows.filter(app=self.app, pk=self.kwargs["profile_id"]).first()
        if found is None:
            raise NotHere(what="authorization profile")
        return found


class OneProfile(ProfileView):
    editable = True

    @extend_schema(operation_id="read_authorization_profile", responses=ProfileSerializer)
    def get(self, request: Request, **_: Any) -> Response:
        """Reads one profile, without its client secret."""
        return Response(ProfileSerializer(self.find()).data)

    @extend_schema(operation_id="change_authorization_profile", request=ProfileChange, responses=ProfileSerializer)
    def patch(self, request: Request, **_: Any) -> Response:
        """Changes what was sent, and leaves the rest as it is; its type is settled.

        Where connections that work would have to be authorized again, it is refused unless `confirm_end` is true.
        """
        wanted = sent(request, ProfileChange)
        may_end = wanted.pop("confirm_end")
        with transaction.atomic():
            profile = self.find(lock=True)
            self.check_match(request, ProfileSerializer(profile).data)
            _saved(profile, wanted, may_end=may_end, actor=self.caller.actor)
        return Response(ProfileSerializer(profile).data)

    @extend_schema(operation_id="delete_authorization_profile", responses={204: None})
    def delete(self, request: Request, **_: Any) -> Response:
        """Removes a profile that no action uses."""
        with transaction.atomic():
            profile = self.find(lock=True)
            self.check_match(request, ProfileSerializer(profile).data)
            profiles.delete(profile, actor=self.caller.actor)
        return Response(status=204)


def _saved(
    profile: AuthorizationProfile, wanted: Mapping[str, Any], *, may_end: bool, actor: Any
) -> AuthorizationProfile:
    """Raises ValidationError with the fields at fault."""
    values = dict(wanted)
    secret = values.pop("client_secret", None)
    if "authorization_fields" in values:
        values["authorization_fields"] = _kept_values(profile.authorization_fields, values["authorization_fields"])
    for name, value in values.items():
        setattr(profile, name, value)
    try:
        return profiles.save(profile, secret=secret, may_end=may_end, actor=actor)
    except ProfileInvalid as error:
        raise ValidationError({name: [words] for name, words in error.fields.items()}, code="profile_invalid") from None


def _kept_values(stored: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that are wanted; one without a value keeps that of the same place and key."""
    known = {(row.get("type"), row.get("key")): row.get("value", "") for row in stored}
    return [
        {**row, "value": row.get("value") or known.get((row["type"], row["key"]), "")}
        for row in (dict(one) for one in wanted)
    ]


def _missing(names: Iterable[str]) -> dict[str, Any]:
    """Names as `profile_trial.not_given` gives them, each at its place in the body."""
    faults: dict[str, Any] = {}
    for name in names:
        field, _dot, key = name.partition(".")
        if key:
            faults.setdefault(field, {})[key] = ["It is missing."]
        else:
            faults[field] = ["It is missing."]
    return faults


class Trial(ProfileView):
    access: ClassVar = Access(Scope.CONFIGURATION, read=Role.DEVELOPER)

    @extend_schema(operation_id="test_authorization_profile", request=TrialBody, responses=TrialResult)
    def post(self, request: Request, **_: Any) -> Response:
        """Tries the profile against its provider; nothing is spent or stored.

        For OAuth v2 a made-up code is sent: a provider that accepts the client refuses the code.
        """
        profile, body = self.find(), sent(request, TrialBody)
        typed = profile_trial.Typed(
            tenant=body.get("tenant", ""),
            username=body.get("username", ""),
            password=Secret(body.get("password", "")),
            key=Secret(body.get("key", "")),
            check_url=body.get("check_url", ""),
            fields=body.get("form_fields", {}),
        )
        if missing := profile_trial.not_given(profile, typed):
            raise ValidationError(_missing(missing), code="required")
        return Response(TrialResult(profile_trial.run(profile, typed, actor=self.caller.actor)).data)
