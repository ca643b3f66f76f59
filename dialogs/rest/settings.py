"""How an App's conversations behave, its agent desk, and the secret that signs what is sent to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from dialogs.engine.settings import DEFAULTS, schema
from dialogs.flows.conversation_settings import keep_settings, settings_of
from dialogs.flows.desk import try_desk
from dialogs.flows.event_settings import renew_secret, save_desk
from dialogs.flows.event_settings import settings_of as event_settings_of
from dialogs.models import Node, Wait
from xoplatform.models import App
from xoplatform.rest.errors import Invalid
from xoplatform.rest.reading import sent
from xoplatform.rest.strict import StrictSerializer
from xoplatform.rest.views import AppView

from .base import AUTHORS
from .reading import check_settings

if TYPE_CHECKING:
    from rest_framework.request import Request

SETTINGS: dict[str, Any] = schema()
ALL_SETTINGS: dict[str, Any] = SETTINGS | {"required": list(SETTINGS["properties"])}


class DeskSerializer(StrictSerializer):
    """Where the agent desk is, and what goes to it."""

    class Meta:
        ref_name = "AgentDesk"

    url = serializers.URLField(
        max_length=500, allow_blank=True, help_text="Gets handovers and messages as signed POSTs; empty for no desk."
    )
    conversations = serializers.IntegerField(read_only=True, help_text="Those that are with the desk now.")
    tasks = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="Names of dialog tasks that hand over."
    )


class DeskTrySerializer(serializers.Serializer[Any]):
    class Meta:
        ref_name = "AgentDeskTry"

    taken = serializers.BooleanField()
    detail = serializers.CharField(help_text="How it went, in a sentence.")


class SecretStateSerializer(serializers.Serializer[Any]):
    class Meta:
        ref_name = "SigningSecretState"

    exists = serializers.BooleanField(help_text="Whether one was made; else the first delivery makes it.")


class NewSecretSerializer(serializers.Serializer[Any]):
    class Meta:
        ref_name = "NewSigningSecret"

    secret = serializers.CharField(help_text="Shown now and never again.")


class ConversationSettings(AppView):
    access: ClassVar = AUTHORS
    editable = True

    @extend_schema(operation_id="read_conversation_settings", responses={200: ALL_SETTINGS})
    def get(self, request: Request, **_: Any) -> Response:
        """Reads the App's settings of conversations, defaults where nobody chose."""
        return Response({**DEFAULTS, **settings_of(self.app.pk)})

    @extend_schema(
        operation_id="change_conversation_settings",
        request={"application/json": SETTINGS},
        responses={200: ALL_SETTINGS},
    )
    def patch(self, request: Request, **_: Any) -> Response:
        """Changes what was sent, from the next message on; null gives a setting its default back."""
        if not isinstance(request.data, dict):
            raise Invalid([((), "Give an object with the settings to change.")])
        check_settings(request.data, of_a_dialog=False)
        with transaction.atomic():
            App.objects.select_for_update().get(pk=self.app.pk)
            before = settings_of(self.app.pk)
            self.check_match(request, {**DEFAULTS, **before})
            kept = keep_settings(self.app.pk, {**before, **request.data})
        return Response({**DEFAULTS, **kept})


class AgentDesk(AppView):
    access: ClassVar = AUTHORS
    serializer_class = DeskSerializer
    editable = True

    @extend_schema(operation_id="read_agent_desk")
    def get(self, request: Request, **_: Any) -> Response:
        """Reads where conversations are handed over to people."""
        return Response(self._shown())

    @extend_schema(operation_id="put_agent_desk")
    def put(self, request: Request, **_: Any) -> Response:
        """Sets the desk's address, from the next handover on."""
        given = sent(request, DeskSerializer)
        with transaction.atomic():
            App.objects.select_for_update().get(pk=self.app.pk)
            self.check_match(request, self._shown())
            save_desk(self.app, given["url"])
            answer = self._shown()
        return Response(answer)

    def _shown(self) -> dict[str, Any]:
        waits = Wait.objects.filter(conversation__app=self.app, kind="agent", status=Wait.Status.OPEN)
        tasks = Node.objects.filter(task__app=self.app, kind="agent_transfer").order_by("task__name")
        return {
            "url": event_settings_of(self.app).desk_url,
            "conversations": waits.count(),
            "tasks": list(tasks.values_list("task__name", flat=True).distinct()),
        }


class AgentDeskTry(AppView):
    access: ClassVar = AUTHORS
    serializer_class = DeskTrySerializer

    @extend_schema(operation_id="try_agent_desk", request=None)
    def post(self, request: Request, **_: Any) -> Response:
        """Sends the desk a signed delivery of the type `test`, and tells whether it was taken."""
        taken, detail = try_desk(self.app)
        return Response({"taken": taken, "detail": detail})


class SigningSecret(AppView):
    access: ClassVar = AUTHORS
    serializer_class = SecretStateSerializer

    @extend_schema(operation_id="read_signing_secret")
    def get(self, request: Request, **_: Any) -> Response:
        """Tells whether there is a signing secret. Its value was shown when it was made."""
        return Response({"exists": bool(event_settings_of(self.app).secret)})

    @extend_schema(operation_id="rotate_signing_secret", request=None, responses={201: NewSecretSerializer})
    def post(self, request: Request, **_: Any) -> Response:
        """Makes a new secret and shows it this once. What was signed with the one before is refused from now on."""
        return Response({"secret": renew_secret(self.app)}, status=201)
