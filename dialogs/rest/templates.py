"""Templates that ship with providers, and installing them as dialog tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.reverse import reverse

from dialogs.flows.install import find_template, install, installed, is_configured
from dialogs.flows.progress import request_all
from dialogs.flows.template_cards import cards_of, operations_of
from dialogs.models import Installation
from integrations import api
from xoplatform.rest.errors import NotHere
from xoplatform.rest.pagination import Whole, whole
from xoplatform.rest.reading import sent
from xoplatform.rest.strict import StrictSerializer
from xoplatform.rest.views import AppView

from .base import AUTHORS, task_of
from .graph_shapes import DocumentSerializer
from .task_shapes import TaskSerializer
from .tasks import created

if TYPE_CHECKING:
    from rest_framework.request import Request

    from dialogs.flows.template_cards import Card

MODES = ("new", "duplicate", "replace", "keep")


class ProgressSerializer(serializers.Serializer[Any]):
    """How far the latest installation in the background came."""

    class Meta:
        ref_name = "InstallationProgress"

    status = serializers.ChoiceField(choices=Installation.Status.choices)
    message = serializers.CharField(help_text="Why it failed; else empty.")
    updated_at = serializers.DateTimeField()


class TemplateSerializer(serializers.Serializer[Any]):
    """A ready-made dialog of a provider, and what this App has made of it."""

    class Meta:
        ref_name = "Template"

    provider = serializers.CharField()
    id = serializers.CharField(source="template.id")
    version = serializers.IntegerField(source="template.version")
    title = serializers.CharField(source="template.title")
    description = serializers.CharField(source="template.description")
    asks = serializers.ListField(source="outline.asks", child=serializers.CharField(), help_text="What it asks for.")
    operations = serializers.ListField(child=serializers.CharField(), help_text="Operations that it calls.")
    missing_scopes = serializers.ListField(
        child=serializers.CharField(), help_text="Scopes that these need and the App's own authorization lacks."
    )
    configured = serializers.BooleanField(help_text="Whether the App's action was enabled: without, nothing installs.")
    task = serializers.IntegerField(allow_null=True, help_text="The dialog task it was installed as.")
    upgradable = serializers.BooleanField(help_text="Whether that task came from another version of the template.")
    installation = ProgressSerializer(allow_null=True)


class TemplateDocumentSerializer(serializers.Serializer[Any]):
    class Meta:
        ref_name = "TemplateWithDocument"

    provider = serializers.CharField()
    id = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    description = serializers.CharField()
    document = DocumentSerializer()


class InstallSerializer(StrictSerializer):
    """What to do where the template is installed already."""

    class Meta:
        ref_name = "InstallTemplate"

    mode = serializers.ChoiceField(
        choices=MODES, required=False, default="new", help_text="Refuse, install a second, overwrite, or leave it."
    )


def shown(card: Card, provider: str, configured: bool) -> dict[str, Any]:
    """A template as a body."""
    data = {
        name: getattr(card, name) for name in ("template", "outline", "missing_scopes", "upgradable", "installation")
    }
    data |= {"provider": provider, "configured": configured, "task": card.task.pk if card.task else None}
    operations = list(dict.fromkeys(operations_of(card.template.document)))
    return dict(TemplateSerializer({**data, "operations": operations}).data)


class TemplateView(AppView):
    access: ClassVar = AUTHORS

    def provider(self) -> str:
        """Raises NotHere."""
        name = str(self.kwargs["provider"])
        if name not in api.providers():
            raise NotHere(what="provider")
        return name

    def listed(self, provider: str) -> list[dict[str, Any]]:
        configured = is_configured(self.app, provider)
        return [shown(card, provider, configured) for card in cards_of(self.app, provider)]


class Templates(TemplateView):
    serializer_class = TemplateSerializer
    pagination_class = Whole

    @extend_schema(operation_id="list_templates", responses=TemplateSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists the templates of all providers: what each needs, and which are installed."""
        return whole([one for provider in sorted(api.providers()) for one in self.listed(provider)])


class TemplatesOfProvider(TemplateView):
    serializer_class = TemplateSerializer
    pagination_class = Whole

    @extend_schema(operation_id="list_templates_of_provider", responses=TemplateSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists one provider's templates, with how far their installation came."""
        return whole(self.listed(self.provider()))


class Installations(TemplateView):
    serializer_class = TemplateSerializer
    pagination_class = Whole

    @extend_schema(operation_id="install_all_templates", request=None, responses={202: TemplateSerializer(many=True)})
    def post(self, request: Request, **_: Any) -> Response:
        """Installs, in the background, all templates of a provider that are not installed.

        `Location` is where their progress is read, in `installation` of each.
        """
        provider = self.provider()
        request_all(self.app, provider, self.caller.user)
        answer = whole(self.listed(provider))
        answer.status_code = 202
        answer["Location"] = reverse("api-provider-templates", args=[self.app.slug, provider], request=request)
        return answer


class OneTemplate(TemplateView):
    serializer_class = TemplateDocumentSerializer

    @extend_schema(operation_id="read_template")
    def get(self, request: Request, template: str, **_: Any) -> Response:
        """Reads a template with its document."""
        found = find_template(self.provider(), template)
        head = {name: getattr(found, name) for name in ("id", "version", "title", "description")}
        document = {key: value for key, value in found.document.items() if key != "template"}
        return Response({"provider": self.kwargs["provider"], **head, "document": document})


class OneInstallation(TemplateView):
    serializer_class = InstallSerializer

    @extend_schema(
        operation_id="install_template", request=InstallSerializer, responses={200: TaskSerializer, 201: TaskSerializer}
    )
    def post(self, request: Request, template: str, **_: Any) -> Response:
        """Installs one template as a draft. 200 where an installed one was replaced or kept, 201 for a new one."""
        given = sent(request, InstallSerializer)
        provider = self.provider()
        before = installed(self.app, provider).get(template)
        made = install(self.app, provider, template, given["mode"])
        task = task_of(self.app, made.pk)
        if before is not None and before.pk == task.pk:
            return Response(TaskSerializer(task).data)
        return created(self, task)
