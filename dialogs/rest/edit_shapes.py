"""Edits of a draft as bodies. `dialogs/canvas/PROTOCOL.md` says what each operation does."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from dialogs.models import PublishState
from xoplatform.rest.strict import StrictSerializer

from .graph_shapes import ProblemSerializer

MOST_OPS = 5000
STATES = ("added", "removed", "changed")


class EditSerializer(StrictSerializer):
    """Operations on a draft: all of them are saved, or nothing.

    `add_node {node}`, `remove_node {name}`, `set_node {name, title?, properties? or properties_patch?, position?,
    parent?}`, `rename_node {from, to}` (mentions follow), `set_transitions {source, transitions}`,
    `set_task {title?, description?, start?, settings?}`, `set_notes {notes}`, `set_note {note}`, `remove_note {id}`.
    """

    class Meta:
        ref_name = "Edit"

    ops = serializers.ListField(
        child=serializers.DictField(), max_length=MOST_OPS, help_text='Such as {"op": "remove_node", "name": "ask"}.'
    )
    base = serializers.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, help_text="The revision they were made on; else the latest."
    )
    client = serializers.UUIDField(required=False, help_text="The editor that sends it: its own edits never conflict.")
    edit_id = serializers.UUIDField(required=False, help_text="Applied once, however often it is sent.")


class SavedSerializer(serializers.Serializer[Any]):
    """What became of an edit."""

    class Meta:
        ref_name = "SavedEdit"

    revision = serializers.IntegerField()
    state = serializers.ChoiceField(choices=PublishState.choices)
    problems = ProblemSerializer(many=True)
    applied = serializers.ListField(child=serializers.DictField(), help_text="One entry for each operation.")
    others = serializers.ListField(
        child=serializers.DictField(), help_text="Operations that others saved since `base`, in their order."
    )


class LineDiffSerializer(serializers.Serializer[Any]):
    sign = serializers.ChoiceField(choices=["+", "-", " ", "…"], help_text="Only later, only earlier, both, left out.")
    text = serializers.CharField()

    class Meta:
        ref_name = "ComparedText"


class LineSerializer(serializers.Serializer[Any]):
    words = serializers.CharField(help_text="What changed, in a sentence.")
    diff = LineDiffSerializer(many=True, help_text="Line by line, where a long text changed.")

    class Meta:
        ref_name = "ComparedLine"


class ChangeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    lines = LineSerializer(many=True)

    class Meta:
        ref_name = "ComparedNode"


class ComparisonSerializer(serializers.Serializer[Any]):
    """What has to be said of the later document to somebody who knows the earlier one."""

    class Meta:
        ref_name = "Comparison"

    head = LineSerializer(many=True, help_text="About the task as a whole.")
    nodes = ChangeSerializer(many=True)
    renamed = serializers.DictField(child=serializers.CharField(), help_text="New names of nodes by their old ones.")
