"""Tests of dialogs: made by hand or from a conversation, run against the drafts. No test calls a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response
from rest_framework.reverse import reverse

from dialogs.errors import UnknownConversation, UnknownTest
from dialogs.flows.testing import change_test, make_test, record_test, run, run_all
from dialogs.models import Conversation, DialogTask, DialogTest
from xoplatform.rest.errors import Invalid
from xoplatform.rest.pagination import CursorPages
from xoplatform.rest.reading import sent
from xoplatform.rest.views import AppView

from .base import AUTHORS
from .dialog_test_shapes import (
    NewTestSerializer,
    OutcomeSerializer,
    OutcomesSerializer,
    RecordSerializer,
    RunAllSerializer,
    TestChangeSerializer,
    TestSerializer,
    WholeTestSerializer,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from dialogs.flows.testing import Outcome

GREETING = OpenApiExample(
    "A greeting",
    {
        "name": "Greets by name",
        "turns": [
            {"say": "greet me", "expect": {"replies": [{"match": "equals", "text": "What is your name?"}]}},
            {"say": "Ada", "expect": {"replies": [{"match": "contains", "text": "Ada"}], "waits": ""}},
        ],
    },
    request_only=True,
)


class TestView(AppView):
    access: ClassVar = AUTHORS

    def tests(self) -> QuerySet[DialogTest]:
        return DialogTest.objects.filter(app=self.app)

    def find(self, key: int, *, locked: bool = False) -> DialogTest:
        """The App's test of this id. Raises UnknownTest."""
        rows = self.tests().select_for_update() if locked else self.tests().select_related("task", "app")
        row = rows.filter(pk=key).first()
        if row is None:
            raise UnknownTest
        return row

    def task(self, key: int | None) -> DialogTask | None:
        """The App's task of this id. Raises Invalid, which points at ``task``."""
        if key is None:
            return None
        row = DialogTask.objects.filter(app=self.app, pk=key).defer("template_document").first()
        if row is None:
            raise Invalid([(["task"], "There is no such dialog task in this App.")])
        return row

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        """What was given as columns of a test. Raises Invalid."""
        if "task" in values:
            values["task"] = self.task(values["task"])
        return values

    def created(self, test: DialogTest) -> Response:
        address = reverse("api-test", args=[self.app.slug, test.pk], request=self.request)
        return Response(WholeTestSerializer(test).data, status=201, headers={"Location": address})


class Tests(TestView):
    serializer_class = TestSerializer
    pagination_class = CursorPages

    @extend_schema(operation_id="list_tests", responses=TestSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists the App's tests, the newest first."""
        page = self.paginate_queryset(self.tests().defer("turns", "result", "setting"))
        return self.get_paginated_response(TestSerializer(page, many=True).data)

    @extend_schema(
        operation_id="create_test", request=NewTestSerializer, responses={201: WholeTestSerializer}, examples=[GREETING]
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Makes a test. It is not run yet."""
        given = sent(request, NewTestSerializer)
        return self.created(make_test(self.app, user=self.caller.user, **self.columns(given)))


class OneTest(TestView):
    serializer_class = WholeTestSerializer
    editable = True

    @extend_schema(operation_id="read_test")
    def get(self, request: Request, test: int, **_: Any) -> Response:
        """Reads a test with its turns and how it went the last time."""
        return Response(WholeTestSerializer(self.find(test)).data)

    @extend_schema(operation_id="change_test", request=TestChangeSerializer, responses=WholeTestSerializer)
    def patch(self, request: Request, test: int, **_: Any) -> Response:
        """Changes what is given."""
        given = sent(request, TestChangeSerializer)
        with transaction.atomic():
            row = self.find(test, locked=True)
            self.check_match(request, WholeTestSerializer(row).data)
            change_test(row, **self.columns(given))
        return Response(WholeTestSerializer(row).data)

    @extend_schema(operation_id="delete_test", responses={204: None})
    def delete(self, request: Request, test: int, **_: Any) -> Response:
        """Deletes a test."""
        with transaction.atomic():
            row = self.find(test, locked=True)
            self.check_match(request, WholeTestSerializer(row).data)
            row.delete()
        return Response(status=204)


class Recordings(TestView):
    serializer_class = RecordSerializer

    @extend_schema(operation_id="record_test", responses={201: WholeTestSerializer})
    def post(self, request: Request, **_: Any) -> Response:
        """Makes a test of a conversation that somebody had with the drafts."""
        values = sent(request, RecordSerializer)
        row = Conversation.objects.filter(app=self.app, public_id=values["conversation"]).first()
        if row is None:
            raise UnknownConversation
        return self.created(record_test(row, name=values["name"], user=self.caller.user))


class Run(TestView):
    serializer_class = OutcomeSerializer

    @extend_schema(operation_id="run_test", request=None)
    def post(self, request: Request, test: int, **_: Any) -> Response:
        """Runs a test against the drafts as they are now. It is 200 whether it passes or fails."""
        return Response(OutcomeSerializer(run(self.find(test))).data)


class RunAll(TestView):
    serializer_class = RunAllSerializer

    @extend_schema(operation_id="run_tests", responses={200: OutcomesSerializer})
    def post(self, request: Request, **_: Any) -> Response:
        """Runs all tests of the App, or those that try one task."""
        given = sent(request, RunAllSerializer)
        outcomes: list[Outcome] = run_all(self.app, self.task(given["task"]))
        passed = sum(one.passed for one in outcomes)
        body = {"passed": passed, "failed": len(outcomes) - passed, "outcomes": outcomes}
        return Response(OutcomesSerializer(body).data)
