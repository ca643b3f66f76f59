"""Nodes, transitions and whole drafts as bodies."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from xoplatform.rest.strict import StrictSerializer

NAME = r"^[^\W\d][\w$-]*$"
LONGEST_NAME, LONGEST_TITLE, LONGEST_KIND = 100, 200, 40
FARTHEST = 10_000_000


class ProblemSerializer(serializers.Serializer[Any]):
    """What keeps a draft from being published."""

    class Meta:
        ref_name = "DraftProblem"

    node = serializers.CharField(help_text="The node; empty where the whole task is meant.")
    code = serializers.CharField(help_text="Stable name of this kind of problem.")
    message = serializers.CharField(help_text="What is wrong, in a sentence.")
    property = serializers.CharField(help_text="The property of the node; empty where none is meant.")


class PositionSerializer(StrictSerializer):
    class Meta:
        ref_name = "NodePosition"

    x = serializers.FloatField(min_value=-FARTHEST, max_value=FARTHEST)
    y = serializers.FloatField(min_value=-FARTHEST, max_value=FARTHEST)


class NodeSerializer(StrictSerializer):
    """One step of a dialog task. What `properties` may hold depends on `kind`."""

    class Meta:
        ref_name = "Node"

    name = serializers.RegexField(
        NAME, max_length=LONGEST_NAME, help_text="Unique in the task; a letter, then letters, digits, “_” and “-”."
    )
    kind = serializers.CharField(max_length=LONGEST_KIND, help_text="Such as message, entity, service, logic.")
    title = serializers.CharField(max_length=LONGEST_TITLE, required=False, allow_blank=True, default="")
    parent = serializers.CharField(  # type: ignore[assignment]  # DRF takes declared fields off the class
        max_length=LONGEST_NAME, required=False, allow_null=True, default=None, help_text="Bot action that holds it."
    )
    properties = serializers.DictField(required=False, default=dict)
    position = PositionSerializer(
        required=False, allow_null=True, default=None, help_text="Place on the canvas; null leaves it to the layout."
    )


class WaySerializer(StrictSerializer):
    """Where a node leads. Those of one node are tried in their order; one without a condition always leads on."""

    class Meta:
        ref_name = "NodeTransition"

    target = serializers.CharField(
        max_length=LONGEST_NAME,
        required=False,
        allow_null=True,
        default=None,
        help_text="A node, `@end`, `@end_of_action`, or null: not connected.",
    )
    condition = serializers.DictField(
        required=False, allow_null=True, default=None, help_text='{"match": "all" or "any", "criteria": […]}'
    )
    label = serializers.CharField(max_length=LONGEST_TITLE, required=False, allow_blank=True, default="")  # type: ignore[assignment]  # DRF takes declared fields off the class


class WaysSerializer(StrictSerializer):
    """All transitions of one node, in order."""

    class Meta:
        ref_name = "NodeTransitions"

    items = WaySerializer(many=True, max_length=500)  # type: ignore[call-arg]  # not in the stubs


class TransitionSerializer(WaySerializer):
    class Meta:
        ref_name = "Transition"

    source = serializers.CharField(max_length=LONGEST_NAME)  # type: ignore[assignment]  # DRF takes declared fields off the class


class DraftNodeSerializer(serializers.Serializer[Any]):
    class Meta:
        ref_name = "DocumentNode"

    name = serializers.CharField(max_length=LONGEST_NAME)
    kind = serializers.CharField(max_length=LONGEST_KIND)
    title = serializers.CharField(max_length=LONGEST_TITLE, required=False, allow_blank=True)
    parent = serializers.CharField(max_length=LONGEST_NAME, required=False, allow_null=True)  # type: ignore[assignment]  # DRF takes declared fields off the class
    properties = serializers.DictField(required=False)
    position = PositionSerializer(required=False, allow_null=True)


class DraftTransitionSerializer(serializers.Serializer[Any]):
    class Meta:
        ref_name = "DocumentTransition"

    source = serializers.CharField(max_length=LONGEST_NAME)  # type: ignore[assignment]  # DRF takes declared fields off the class
    target = serializers.CharField(max_length=LONGEST_NAME, required=False, allow_null=True)
    condition = serializers.DictField(required=False, allow_null=True)
    label = serializers.CharField(max_length=LONGEST_TITLE, required=False, allow_blank=True)  # type: ignore[assignment]  # DRF takes declared fields off the class


class DocumentSerializer(serializers.Serializer[Any]):
    """A dialog task as a document of format 1, the same that files hold."""

    class Meta:
        ref_name = "GraphDocument"

    format = serializers.ChoiceField(choices=[1])
    name = serializers.CharField(max_length=LONGEST_NAME, help_text="The task's; a PUT cannot change it.")
    title = serializers.CharField(max_length=LONGEST_TITLE, required=False, allow_blank=True)
    description = serializers.CharField(required=False, allow_blank=True)
    start = serializers.CharField(max_length=LONGEST_NAME, allow_blank=True, help_text="The intent it begins with.")
    settings = serializers.DictField(required=False, help_text="Where it differs from the App's settings.")
    nodes = DraftNodeSerializer(many=True, max_length=2000)  # type: ignore[call-arg]  # not in the stubs
    transitions = DraftTransitionSerializer(many=True, max_length=10_000)  # type: ignore[call-arg]  # not in the stubs
    notes = serializers.ListField(
        child=serializers.DictField(), required=False, max_length=500, help_text="Of the canvas; never published."
    )


class DraftSerializer(DocumentSerializer):
    """A draft with its revision. Sent back with changes, the revision tells what they were made from."""

    class Meta:
        ref_name = "Draft"

    revision = serializers.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
