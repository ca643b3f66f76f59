"""Authorizing an action by the App itself: with an API token, without a consent page, or by a person's sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from integrations.flows import basic, configure, consent_page, direct
from integrations.flows.choices import choose
from integrations.models import Action
from xoplatform.core.crypto import Secret
from xoplatform.models import Role, Scope
from xoplatform.rest.access import Access
from xoplatform.rest.errors import NotHere
from xoplatform.rest.reading import sent

from .actions import ActionView
from .connections import ConnectionSerializer
from .parts import IdField, SecretField

if TYPE_CHECKING:
    from rest_framework.request import Request

    from integrations.models import AuthorizationProfile

LONGEST_SECRET = 2000


class BasicBody(serializers.Serializer[Any]):
    site_url = serializers.CharField(
        max_length=300,
        help_text="Of your site or of one of its pages, such as https://your-site.atlassian.net.",
    )
    email = serializers.EmailField(max_length=255, help_text="Of the account that the token belongs to.")
    token = SecretField(max_length=LONGEST_SECRET, help_text="The API token. Stored encrypted, never told again.")
    expires_on = serializers.DateField(
        required=False, allow_null=True, help_text="When the token ends; you are warned before."
    )
    edition = serializers.ChoiceField(
        Action.Edition.choices, required=False, help_text="Of your site; left out, the one that is chosen."
    )


class DirectBody(serializers.Serializer[Any]):
    profile_id = IdField(required=False, help_text="The profile; left out, the one that is chosen.")
    username = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_SECRET)
    password = SecretField(required=False, allow_blank=True, max_length=LONGEST_SECRET, help_text="It is not kept.")
    tenant = serializers.CharField(required=False, allow_blank=True, max_length=100)
    edition = serializers.ChoiceField(
        Action.Edition.choices, required=False, help_text="Of your site; left out, the one that is chosen."
    )


class ConsentSerializer(serializers.Serializer[Any]):
    address = serializers.URLField(
        help_text="The page that a member of the App opens, signs in to, and presses Authorize on."
    )
    callback_url = serializers.URLField(help_text="To be registered at the provider exactly like this.")
    asks_for = serializers.ListField(child=serializers.CharField(), help_text="What is asked for, in plain words.")


class AuthorizeBasic(ActionView):
    @extend_schema(
        operation_id="authorize_with_api_token",
        request=BasicBody,
        responses=ConnectionSerializer,
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Checks an account's e-mail and API token at the provider, and keeps them as the App's own grant.

        The action is set to `pre_authorize` and `basic` with it. If the check fails, everything stays as it is.
        """
        provider = self.action_now.provider
        body = sent(request, BasicBody)
        if words := basic.wrong_end(provider, body.get("expires_on")):
            raise ValidationError({"expires_on": [words]})
        action = configure.open_action(self.app, provider)
        choices = _chosen(action, body, method=Action.Method.BASIC, card=Action.Card.SYSTEM)
        row = basic.connect(
            action,
            None,
            body["site_url"],
            body["email"],
            body["token"],
            expires_on=body.get("expires_on"),
            choices=choices,
            actor=self.caller.actor,
        )
        return Response(ConnectionSerializer(row).data)


class AuthorizeDirectly(ActionView):
    @extend_schema(operation_id="authorize_directly", request=DirectBody, responses=ConnectionSerializer)
    def post(self, request: Request, **_: Any) -> Response:
        """Gets the App's own grant with a profile that needs no consent page: client credentials, or a password.

        The action is set to that profile with it. If the provider refuses, a grant that works stays as it is.
        """
        body = sent(request, DirectBody)
        profile = self._profile(self.action_now, body)
        action = configure.open_action(self.app, self.kwargs["provider"])
        choices = _chosen(action, body, method=Action.Method.OAUTH, card=Action.Card.CUSTOM, profile=profile)
        direct.require_direct(action)
        row = direct.connect(
            action,
            username=body.get("username", ""),
            password=Secret(body.get("password", "")),
            choices=choices,
            actor=self.caller.actor,
        )
        return Response(ConnectionSerializer(row).data)

    def _profile(self, action: Action, body: dict[str, Any]) -> AuthorizationProfile | None:
        if "profile_id" not in body:
            return action.profile
        found = self.app.authorization_profiles.filter(pk=body["profile_id"]).first()
        if found is None:
            raise NotHere(what="authorization profile")
        return found


class Consent(ActionView):
    access: ClassVar = Access(Scope.CONFIGURATION, read=Role.DEVELOPER)

    @extend_schema(operation_id="read_consent_page", responses=ConsentSerializer)
    def get(self, request: Request, **_: Any) -> Response:
        """Tells where a member of the App goes to sign in at the provider and allow access.

        A program cannot do this: nothing is authorized until a person has. Read the action's `connection` to see it.
        """
        page = consent_page.page_of(self.action_now)
        return Response({"address": page.address, "callback_url": page.callback_url, "asks_for": list(page.asks_for)})


def _chosen(action: Action, body: dict[str, Any], **chosen: Any) -> dict[str, Any]:
    """The choices to be stored with the grant, put on ``action`` in memory. Raises what `choices.choose` raises."""
    return choose(
        action,
        authorization_type=Action.AuthorizationType.PRE_AUTHORIZE,
        edition=body.get("edition", action.edition),
        tenant=body.get("tenant", action.tenant),
        **chosen,
    )
