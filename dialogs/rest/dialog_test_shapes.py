"""Tests of dialogs as bodies. `dialogs.flows.testing.script` says what their turns may hold."""

from __future__ import annotations

from itertools import islice
from typing import Any

from rest_framework import serializers

from dialogs.errors import BadTest
from dialogs.flows.testing import check_turns
from dialogs.flows.testing.script import MOST_TURNS, TURNS
from dialogs.models import DialogTest
from xoplatform.rest.errors import Invalid
from xoplatform.rest.strict import StrictSerializer

LONGEST_NAME = 200
LARGEST_ID = 2**63 - 1


class FindingSerializer(serializers.Serializer[Any]):
    """One expectation beside what came of it."""

    class Meta:
        ref_name = "TestFinding"

    what = serializers.CharField()
    expected = serializers.CharField()
    got = serializers.CharField()
    passed = serializers.BooleanField()


class OutcomeTurnSerializer(serializers.Serializer[Any]):
    class Meta:
        ref_name = "TestOutcomeTurn"

    say = serializers.CharField(allow_null=True, help_text="Null where the conversation went on by itself.")
    replies = serializers.ListField(child=serializers.CharField(), help_text="What was answered.")
    findings = FindingSerializer(many=True)


class ResultSerializer(serializers.Serializer[Any]):
    class Meta:
        ref_name = "TestResult"

    error = serializers.CharField(help_text="Why it could not be run at all; else empty.")
    duration_ms = serializers.IntegerField()
    turns = OutcomeTurnSerializer(many=True)


class OutcomeSerializer(ResultSerializer):
    """How a test went."""

    class Meta:
        ref_name = "TestOutcome"

    test = serializers.IntegerField(source="test.pk")
    name = serializers.CharField(source="test.name")
    passed = serializers.BooleanField()
    first = serializers.CharField(help_text="The first thing that is not as expected, in a sentence; else empty.")


class OutcomesSerializer(serializers.Serializer[Any]):
    """How several went."""

    class Meta:
        ref_name = "TestOutcomes"

    passed = serializers.IntegerField()
    failed = serializers.IntegerField()
    outcomes = OutcomeSerializer(many=True)


class TestSerializer(serializers.ModelSerializer[DialogTest]):
    """A conversation that must go as it once did."""

    task = serializers.IntegerField(
        source="task_id", allow_null=True, help_text="The one task that is tried; null: all of the App's are open."
    )

    class Meta:
        model = DialogTest
        ref_name = "Test"
        fields = ["id", "name", "task", "status", "ran_at", "created_at", "updated_at"]
        read_only_fields = fields


class WholeTestSerializer(TestSerializer):
    """A test with its turns and how it went the last time."""

    setting = serializers.DictField(help_text="The person's locale and time zone as the dialog sees them.")
    turns = serializers.ListField(child=serializers.DictField())
    result = ResultSerializer(allow_null=True)

    class Meta(TestSerializer.Meta):
        ref_name = "TestWithTurns"
        fields = [*TestSerializer.Meta.fields, "setting", "turns", "result"]
        read_only_fields = fields


class PersonSerializer(StrictSerializer):
    class Meta:
        ref_name = "TestPerson"

    locale = serializers.CharField(max_length=40, required=False, allow_blank=True)
    time_zone = serializers.CharField(max_length=60, required=False, allow_blank=True)
    app_locale = serializers.CharField(max_length=40, required=False, allow_blank=True)
    app_time_zone = serializers.CharField(max_length=60, required=False, allow_blank=True)


class SettingSerializer(StrictSerializer):
    class Meta:
        ref_name = "TestSetting"

    person = PersonSerializer(required=False)


class NewTestSerializer(StrictSerializer):
    """A turn is `{say, expect: {replies: [{match, text}], waits, values}, calls: […]}`.

    `match` is `equals`, `contains` or `any`; `waits` the node that waits afterwards; `calls` are canned answers of
    operations, `{node, operation, result: {outcome, status_code, body}}`.
    """

    class Meta:
        ref_name = "NewTest"

    name = serializers.CharField(max_length=LONGEST_NAME)
    task = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, allow_null=True)
    setting = SettingSerializer(required=False)
    turns = serializers.ListField(child=serializers.DictField(), max_length=MOST_TURNS)

    def validate_turns(self, turns: list[Any]) -> list[Any]:
        wrong = [(("turns", *error.absolute_path), error.message) for error in islice(TURNS.iter_errors(turns), 5)]
        if wrong:
            raise Invalid([(path, words[:200]) for path, words in wrong])
        try:
            check_turns(turns)
        except BadTest as error:
            raise serializers.ValidationError(error.message) from None
        return turns


class TestChangeSerializer(NewTestSerializer):
    """What is given is changed; how it went the last time is then forgotten."""

    class Meta:
        ref_name = "TestChange"

    name = serializers.CharField(max_length=LONGEST_NAME, required=False)
    turns = serializers.ListField(child=serializers.DictField(), max_length=MOST_TURNS, required=False)


class RecordSerializer(StrictSerializer):
    """A conversation with drafts, to be made a test."""

    class Meta:
        ref_name = "RecordTest"

    conversation = serializers.UUIDField()
    name = serializers.CharField(max_length=80, required=False, default="")


class RunAllSerializer(StrictSerializer):
    class Meta:
        ref_name = "RunTests"

    task = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST_ID,
        required=False,
        allow_null=True,
        default=None,
        help_text="Those that try this task, alone, among all others or within another one; null: all of the App's.",
    )
