"""Actions: what an App uses, how it is authorized, and whether it works."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from integrations.catalog import registry
from integrations.errors import NotAuthorized
from integrations.flows import configure, links, rollout
from integrations.flows.deletion import losses_of
from integrations.models import Action
from xoplatform.models import Scope
from xoplatform.rest.access import Access
from xoplatform.rest.errors import NotHere
from xoplatform.rest.pagination import Whole, whole
from xoplatform.rest.reading import sent
from xoplatform.rest.views import AppView

from .action_parts import (
    ActionChange,
    ActionSerializer,
    AudienceSerializer,
    EnableBody,
    EnabledSerializer,
    LossesSerializer,
    told,
    told_one,
)

if TYPE_CHECKING:
    from rest_framework.request import Request


class Actions(AppView):
    access: ClassVar = Access(Scope.CONFIGURATION)
    pagination_class = Whole

    @extend_schema(operation_id="list_actions", responses=ActionSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists what the App uses or could use: one action for each provider."""
        return whole(told(configure.actions_of(self.app)))


class ActionView(AppView):
    """What has to do with one action, by its provider's name."""

    access: ClassVar = Access(Scope.CONFIGURATION)

    @property
    def action_now(self) -> Action:
        """As it is stored, or as it would begin. Raises UnknownProvider."""
        return configure.action_at(self.app, self.kwargs["provider"])

    def locked(self, request: Request) -> Action:
        """The action, stored and locked until the transaction ends. Raises UnknownProvider and Changed."""
        action = configure.open_action(self.app, self.kwargs["provider"])
        action = Action.objects.select_for_update(of=("self",)).select_related("app", "profile").get(pk=action.pk)
        self.check_match(request, told_one(action))
        return action


class OneAction(ActionView):
    editable = True

    @extend_schema(operation_id="read_action", responses=ActionSerializer)
    def get(self, request: Request, **_: Any) -> Response:
        """Reads how one action is authorized, whether it is enabled, and why it is in error."""
        return Response(told_one(self.action_now))

    @extend_schema(
        operation_id="configure_action",
        request=ActionChange,
        responses=ActionSerializer,
        examples=[
            OpenApiExample(
                "One grant for everybody, by sign-in at the provider",
                {"authorization_type": "pre_authorize", "method": "oauth", "card": "system", "edition": "developer"},
                request_only=True,
            )
        ],
    )
    def patch(self, request: Request, **_: Any) -> Response:
        """Changes what was sent, and leaves the rest as it is.

        Where connections that work would have to be authorized again, it is refused unless `confirm_end` is true.
        """
        wanted = sent(request, ActionChange)
        may_end = wanted.pop("confirm_end")
        with transaction.atomic():
            action = self.locked(request)
            configure.change(action, may_end=may_end, actor=self.caller.actor, **self._choices(wanted))
        return Response(told_one(action))

    def _choices(self, wanted: dict[str, Any]) -> dict[str, Any]:
        if "profile_id" in wanted:
            pk = wanted.pop("profile_id")
            found = self.app.authorization_profiles.filter(pk=pk).first() if pk else None
            if pk and found is None:
                raise NotHere(what="authorization profile")
            wanted["profile"] = found
        return wanted

    @extend_schema(operation_id="delete_action", responses={204: None})
    def delete(self, request: Request, **_: Any) -> Response:
        """Removes the action with its connections, tokens and links for good. `…/deletion/` tells what will stop."""
        with transaction.atomic():
            action = self.action_now
            if action.pk is not None:
                action = self.locked(request)
            configure.delete(action, actor=self.caller.actor)
        return Response(status=204)


class Deletion(ActionView):
    @extend_schema(operation_id="read_action_deletion", responses=LossesSerializer)
    def get(self, request: Request, **_: Any) -> Response:
        """Tells what deleting the action would take with it, and which dialog tasks would stop working."""
        return Response(asdict(losses_of(self.action_now)))


class Audience(ActionView):
    @extend_schema(operation_id="read_action_audience", responses=AudienceSerializer)
    def get(self, request: Request, **_: Any) -> Response:
        """Tells how many people enabling would send a link to, while each person authorizes."""
        return Response(asdict(links.audience_of(self.action_now)))


class Enable(ActionView):
    @extend_schema(operation_id="enable_action", request=EnableBody, responses=EnabledSerializer)
    def post(self, request: Request, **_: Any) -> Response:
        """Lets dialogs use the action.

        Under `allow_users` everybody who needs one is mailed a link: their number has to be confirmed. An action that
        is enabled already sends links to those who have come since.
        """
        wanted, action = sent(request, EnableBody), self.action_now
        if action.pk is None:
            raise NotAuthorized(provider=registry.provider(action.provider).manifest.title, app=self.app.name)
        if action.pre_authorized:
            done = configure.enable(action, actor=self.caller.actor)
            return Response({"action": told_one(done.action), "first": done.first, "batch_id": None, "people": None})
        return Response(self._roll_out(action, wanted))

    def _roll_out(self, action: Action, wanted: dict[str, Any]) -> dict[str, Any]:
        people = links.audience_of(action)
        done = rollout.roll_out(
            action,
            invite_new_users=wanted.get("invite_new_users", action.invite_new_users),
            confirmed=wanted["confirm_people"],
            user=self.caller.actor,
        )
        return {
            "action": told_one(done.action),
            "first": done.first,
            "batch_id": done.batch.pk,
            "people": asdict(people),
        }


class Disable(ActionView):
    @extend_schema(operation_id="disable_action", request=None, responses=ActionSerializer)
    def post(self, request: Request, **_: Any) -> Response:
        """Stops dialogs from using the action, and keeps its authorization."""
        action = self.action_now
        configure.disable(action, actor=self.caller.actor)
        return Response(told_one(action))
