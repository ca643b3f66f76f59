"""What was published of a dialog task: publishing, looking back, comparing, going back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.reverse import reverse

from dialogs.documents.comparison import compare
from dialogs.flows import versions as flow
from dialogs.flows.publish import publish
from dialogs.models import Version
from xoplatform.rest.errors import NotHere
from xoplatform.rest.pagination import CursorPages
from xoplatform.rest.reading import asked, sent

from .base import TaskView
from .edit_shapes import ComparisonSerializer
from .version_shapes import (
    LookBackSerializer,
    PublishSerializer,
    RollBackSerializer,
    SidesSerializer,
    VersionSerializer,
    WholeVersionSerializer,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request


class VersionView(TaskView):
    def published(self) -> QuerySet[Version]:
        """The task's numbered versions with who made them."""
        return Version.objects.filter(task=self.task, number__isnull=False).select_related("created_by", "task")

    def answer(self, version: Version, status: int) -> Response:
        """A version with where it is."""
        row = self.published().defer("document").get(pk=version.pk)
        address = reverse("api-version", args=[self.app.slug, self.task.pk, row.number], request=self.request)
        return Response(VersionSerializer(row).data, status=status, headers={"Location": address})


class Versions(VersionView):
    serializer_class = VersionSerializer
    pagination_class = CursorPages

    @extend_schema(operation_id="list_versions", responses=VersionSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists what was published of the task, the newest first."""
        page = self.paginate_queryset(self.published().defer("document", "task__template_document"))
        return self.get_paginated_response(VersionSerializer(page, many=True).data)

    @extend_schema(
        operation_id="publish_task",
        request=PublishSerializer,
        responses={200: VersionSerializer, 201: VersionSerializer},
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Makes the draft what channels run. 200 where the published version equals it already.

        409 `dialog_has_problems` with `problems`, or `tests_failed` with `tests`; the latter may be overruled.
        """
        values = sent(request, PublishSerializer)
        before = self.task.published_id
        version = publish(self.task, self.caller.user, values["note"], despite_tests=values["despite_tests"])
        return self.answer(version, 200 if version.pk == before else 201)


class OneVersion(VersionView):
    serializer_class = WholeVersionSerializer

    @extend_schema(operation_id="read_version")
    def get(self, request: Request, number: int, **_: Any) -> Response:
        """Reads a version with its document."""
        row = self.published().filter(number=number).first()
        if row is None:
            raise NotHere(what="version")
        return Response(WholeVersionSerializer(row).data)


class RollBacks(VersionView):
    serializer_class = VersionSerializer

    @extend_schema(operation_id="preview_roll_back", responses=LookBackSerializer)
    def get(self, request: Request, number: int, **_: Any) -> Response:
        """Tells what going back to this version would change, and which edits it would lose."""
        return Response(LookBackSerializer(flow.look_back(self.task, number)).data)

    @extend_schema(operation_id="roll_back", request=RollBackSerializer, responses=VersionSerializer)
    def post(self, request: Request, number: int, **_: Any) -> Response:
        """Puts a version's content in place of the draft and, unless `live` is false, publishes it as a new version.

        Conversations under way stay with the version that they began with.
        """
        given = sent(request, RollBackSerializer)
        return self.answer(flow.roll_back(self.task, number, user=self.caller.user, **given), 200)


class Comparing(VersionView):
    serializer_class = ComparisonSerializer

    @extend_schema(operation_id="compare_versions", parameters=[SidesSerializer])
    def get(self, request: Request, **_: Any) -> Response:
        """Compares two versions, or a version with the draft; without parameters, what is live with the draft."""
        given = asked(request, SidesSerializer)
        live = self.task.published.number if self.task.published else None
        before = given.get("before") or (f"v{live}" if live else flow.DRAFT)
        sides = [flow.side(self.task, name) for name in (before, given["after"])]
        return Response(ComparisonSerializer(compare(sides[0].document, sides[1].document)).data)
