"""Published versions as bodies."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from dialogs.flows.edit_log import called
from dialogs.models import Version
from xoplatform.rest.strict import StrictSerializer

from .edit_shapes import ComparisonSerializer
from .graph_shapes import DocumentSerializer

LONGEST_NOTE = 1000


class CountsSerializer(serializers.Serializer[Any]):
    """How many nodes differ from the version before; `task` is 1 where the task as a whole does."""

    class Meta:
        ref_name = "VersionChanges"

    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    changed = serializers.IntegerField()
    task = serializers.IntegerField()


class VersionSerializer(serializers.ModelSerializer[Version]):
    """A dialog task as it was published."""

    live = serializers.SerializerMethodField(help_text="Whether channels run it.")
    changes = CountsSerializer(allow_null=True)
    created_by = serializers.SerializerMethodField(help_text="Null where a program published it.")

    class Meta:
        model = Version
        ref_name = "Version"
        fields = ["number", "note", "live", "changes", "created_by", "created_at"]
        read_only_fields = fields

    @extend_schema_field(bool)
    def get_live(self, version: Version) -> bool:
        return version.task.published_id == version.pk

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_created_by(self, version: Version) -> str | None:
        return called(version.created_by) if version.created_by else None


class WholeVersionSerializer(VersionSerializer):
    document = DocumentSerializer()

    class Meta(VersionSerializer.Meta):
        ref_name = "VersionWithDocument"
        fields = [*VersionSerializer.Meta.fields, "document"]
        read_only_fields = fields


class PublishSerializer(StrictSerializer):
    """A note for those who look back, and whether failing tests may be published."""

    class Meta:
        ref_name = "Publish"

    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True, default="")
    despite_tests = serializers.BooleanField(required=False, default=False)


class RollBackSerializer(StrictSerializer):
    """`revision` is the draft's that you looked at: it is replaced."""

    class Meta:
        ref_name = "RollBack"

    revision = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    live = serializers.BooleanField(required=False, default=True, help_text="Whether it is published again at once.")
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True, default="")


class LookBackSerializer(serializers.Serializer[Any]):
    """What rolling back would do."""

    class Meta:
        ref_name = "RollBackPreview"

    revision = serializers.IntegerField(help_text="Of the draft; send it with the roll-back.")
    coming = ComparisonSerializer(help_text="How the draft will change.")
    lost = ComparisonSerializer(help_text="Edits of the draft that no version holds.")


class SidesSerializer(serializers.Serializer[Any]):
    """Query of a comparison. `draft`, or the number of a version."""

    before = serializers.RegexField(r"^(draft|v?[1-9][0-9]{0,8})$", required=False, help_text="`draft`, `3` or `v3`.")
    after = serializers.RegexField(r"^(draft|v?[1-9][0-9]{0,8})$", required=False, default="draft")
