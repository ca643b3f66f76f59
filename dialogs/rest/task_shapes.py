"""Dialog tasks as bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from dialogs.flows.tasks import of_state
from dialogs.models import DialogTask, PublishState
from xoplatform.rest.strict import StrictSerializer

from .graph_shapes import LONGEST_NAME, LONGEST_TITLE, DocumentSerializer

if TYPE_CHECKING:
    from django.db.models import QuerySet

LONGEST_DESCRIPTION = 10_000
NAME = r"^[-a-zA-Z0-9_]{1,100}$"


class OriginSerializer(serializers.Serializer[Any]):
    """The template that a task was made of."""

    class Meta:
        ref_name = "TaskOrigin"

    provider = serializers.CharField()
    template = serializers.CharField(source="template_id")
    version = serializers.CharField(source="template_version")
    changed = serializers.BooleanField(source="changed_since_install", help_text="Whether it was edited since.")


class TaskSerializer(serializers.ModelSerializer[DialogTask]):
    """A dialog task without its nodes."""

    state = serializers.ChoiceField(choices=PublishState.choices, read_only=True)
    version = serializers.IntegerField(
        source="published.number", default=None, read_only=True, allow_null=True, help_text="What channels run."
    )
    origin = serializers.SerializerMethodField()
    settings = serializers.DictField(help_text="Where it differs from the App's settings of conversations.")

    class Meta:
        model = DialogTask
        ref_name = "Task"
        fields = [
            "id", "name", "title", "description", "start", "settings", "state", "version", "revision", "origin",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(OriginSerializer(allow_null=True))
    def get_origin(self, task: DialogTask) -> dict[str, Any] | None:
        return dict(OriginSerializer(task).data) if task.template_id else None


class TaskHeadSerializer(StrictSerializer):
    title = serializers.CharField(max_length=LONGEST_TITLE, required=False)
    name = serializers.RegexField(
        NAME, max_length=LONGEST_NAME, required=False, help_text="Unique in the App; follows from the title if absent."
    )
    description = serializers.CharField(max_length=LONGEST_DESCRIPTION, required=False, allow_blank=True)


class NewTaskSerializer(TaskHeadSerializer):
    """An empty task with a title, or one from a document; name, title and description then replace the document's."""

    document = DocumentSerializer(required=False)


class TaskChangeSerializer(StrictSerializer):
    """What is given is changed."""

    title = serializers.CharField(max_length=LONGEST_TITLE, required=False)
    description = serializers.CharField(max_length=LONGEST_DESCRIPTION, required=False, allow_blank=True)
    start = serializers.CharField(max_length=LONGEST_NAME, required=False, allow_blank=True)
    settings = serializers.DictField(required=False, help_text="The whole mapping.")


class DeletionSerializer(serializers.Serializer[Any]):
    """What deleting means."""

    class Meta:
        ref_name = "TaskDeletion"

    stops = serializers.ListField(child=serializers.CharField(), help_text="What will no longer work, in sentences.")
    used_in = serializers.ListField(child=serializers.CharField(), help_text="Names of tasks that run this one.")


class TaskFilter(django_filters.FilterSet):  # type: ignore[misc]  # it has no stubs
    name = django_filters.CharFilter(max_length=LONGEST_NAME, help_text="Exactly this name.")
    state = django_filters.ChoiceFilter(
        choices=PublishState.choices, method="by_state", help_text="As published or not."
    )
    provider = django_filters.CharFilter(max_length=60, help_text="Made of a template of this provider.")

    class Meta:
        model = DialogTask
        fields = ["name", "state", "provider"]

    def by_state(self, rows: QuerySet[DialogTask], _name: str, value: str) -> QuerySet[DialogTask]:
        return of_state(rows, PublishState(value))
