"""Export to one file, and import of one: reported first, applied by the report's mark."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from dialogs.documents import load_export
from dialogs.documents.exported import MOST_BYTES
from dialogs.flows import exporting
from dialogs.flows.import_plan import check_settings, plan_import
from dialogs.flows.importing import apply_import
from xoplatform.rest.parsers import JSONParser
from xoplatform.rest.reading import asked, sent
from xoplatform.rest.strict import StrictSerializer
from xoplatform.rest.views import AppView

from .base import AUTHORS, TaskView
from .edit_shapes import ComparisonSerializer, LineSerializer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rest_framework.request import Request

    from dialogs.flows.import_plan import Plan

MODES = ("incremental", "full")
EFFECTS = ("new", "replaced", "same", "kept", "deleted")
WHAT = OpenApiParameter("what", enum=["draft", "published"], default="draft", description="As drawn, or as live.")
FILE = {(200, "application/yaml"): {"type": "object", "required": ["export", "content", "tasks"]}}


class YamlRenderer(BaseRenderer):
    """A file that is YAML already; refusals are JSON as everywhere."""

    media_type = "application/yaml"
    format = "yaml"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return (data if isinstance(data, str) else json.dumps(data, cls=JSONEncoder)).encode()


class FileParser(JSONParser):
    """Room for a whole file within a JSON text."""

    limit = 2 * MOST_BYTES


class WhatSerializer(serializers.Serializer[Any]):
    what = serializers.ChoiceField(choices=["draft", "published"], default="draft")


class ImportSerializer(StrictSerializer):
    """A file as it was exported, as a text."""

    class Meta:
        ref_name = "ImportFile"

    file = serializers.CharField(max_length=MOST_BYTES, trim_whitespace=False, help_text="YAML or JSON.")
    mode = serializers.ChoiceField(
        choices=MODES,
        required=False,
        default="incremental",
        help_text="`full` also deletes what the file does not name.",
    )


class ApplySerializer(ImportSerializer):
    class Meta:
        ref_name = "ImportApply"

    mark = serializers.CharField(max_length=64, help_text="The report's: it holds while nothing has changed.")


class TaskPlanSerializer(serializers.Serializer[Any]):
    class Meta:
        ref_name = "ImportedTask"

    name = serializers.CharField()
    title = serializers.CharField()
    effect = serializers.ChoiceField(choices=EFFECTS)
    published = serializers.BooleanField(help_text="Whether a version is live; it stays so unless deleted.")
    problems = serializers.ListField(child=serializers.CharField(), help_text="What will keep it from publishing.")
    comparison = ComparisonSerializer()


class TestPlanSerializer(serializers.Serializer[Any]):
    class Meta:
        ref_name = "ImportedTest"

    name = serializers.CharField()
    effect = serializers.ChoiceField(choices=EFFECTS)


class PlanSerializer(serializers.Serializer[Any]):
    """What an import does to each dialog task and test of the App."""

    class Meta:
        ref_name = "ImportReport"

    mode = serializers.ChoiceField(choices=MODES)
    nothing = serializers.BooleanField(help_text="Whether applying changes nothing.")
    tasks = TaskPlanSerializer(many=True)
    tests = TestPlanSerializer(many=True)
    settings = LineSerializer(many=True, help_text="What becomes different in the settings of conversations.")
    notes = serializers.ListField(child=serializers.CharField(), help_text="What the file needs and the App lacks.")
    mark = serializers.CharField(help_text="Send it to apply exactly this.")


def shown(plan: Plan) -> dict[str, Any]:
    """A report as a body."""
    tests = [{"name": name, "effect": effect} for name, effect in plan.tests]
    values = {name: getattr(plan, name) for name in ("mode", "nothing", "tasks", "settings", "notes", "mark")}
    return dict(PlanSerializer({**values, "tests": tests}).data)


class FileView(AppView):
    access: ClassVar = AUTHORS
    renderer_classes = (YamlRenderer, JSONRenderer)

    def what(self, request: Request) -> exporting.What:
        """Raises ValidationError."""
        given = asked(request, WhatSerializer)
        what: exporting.What = given["what"]
        return what

    def file(self, name: str, text: str) -> Response:
        headers = {"Content-Disposition": f'attachment; filename="{name}.yaml"'}
        return Response(text, content_type="application/yaml; charset=utf-8", headers=headers)


class AppExport(FileView):
    @extend_schema(operation_id="export_app", parameters=[WHAT], responses=FILE)
    def get(self, request: Request, **_: Any) -> Response:
        """All dialogs of the App, their tests and its settings of conversations as one file without secrets."""
        return self.file(self.app.slug, exporting.export_app(self.app, self.what(request)))


class TaskExport(TaskView, FileView):
    @extend_schema(operation_id="export_task", parameters=[WHAT], responses=FILE)
    def get(self, request: Request, **_: Any) -> Response:
        """One dialog task and its tests as a file."""
        text = exporting.export_task(self.task, self.what(request))
        return self.file(f"{self.app.slug}-{self.task.name}", text)


class ImportReports(AppView):
    access: ClassVar = AUTHORS
    serializer_class = ImportSerializer
    parser_classes = (FileParser,)

    @extend_schema(operation_id="preview_import", responses={200: PlanSerializer})
    def post(self, request: Request, **_: Any) -> Response:
        """Reports what importing a file would do. Nothing is changed."""
        given = sent(request, ImportSerializer)
        content = load_export(given["file"])
        check_settings(content)
        return Response(shown(plan_import(self.app, content, given["mode"])))


class Imports(AppView):
    access: ClassVar = AUTHORS
    serializer_class = ApplySerializer
    parser_classes = (FileParser,)

    @extend_schema(operation_id="apply_import", responses={200: PlanSerializer})
    def post(self, request: Request, **_: Any) -> Response:
        """Does what the report with this mark said, in one piece. What is live goes on running.

        409 `stale_import` where the App or the file is no longer as it was reported.
        """
        values = sent(request, ApplySerializer)
        content = load_export(values["file"])
        plan = apply_import(self.app, content, values["mode"], values["mark"], self.caller.user)
        return Response(shown(plan))
