"""Dialog tasks: listing, making, changing and deleting them. What they consist of is in `drafts` and `nodes`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response
from rest_framework.reverse import reverse

from dialogs.flows import tasks as flow
from dialogs.flows.edit import Sent, edit
from dialogs.models import DialogTask
from xoplatform.rest.errors import Invalid
from xoplatform.rest.pagination import CursorPages
from xoplatform.rest.reading import sent
from xoplatform.rest.views import AppView

from .base import AUTHORS, TaskView, tasks_of
from .reading import check_settings, document_of
from .task_shapes import (
    DeletionSerializer,
    NewTaskSerializer,
    TaskChangeSerializer,
    TaskFilter,
    TaskHeadSerializer,
    TaskSerializer,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

EMPTY = OpenApiExample("Empty", {"title": "Order a laptop"}, request_only=True)


def created(view: AppView, task: DialogTask) -> Response:
    """201 with a task and where it is."""
    address = reverse("api-task", args=[view.app.slug, task.pk], request=view.request)
    return Response(TaskSerializer(task).data, status=201, headers={"Location": address})


class Tasks(AppView):
    access: ClassVar = AUTHORS
    serializer_class = TaskSerializer
    pagination_class = CursorPages
    queryset = DialogTask.objects.none()
    filter_backends = (DjangoFilterBackend,)
    filterset_class = TaskFilter

    def get_queryset(self) -> QuerySet[DialogTask]:
        return tasks_of(self.app).defer("notes")

    @extend_schema(operation_id="list_tasks", responses=TaskSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists the App's dialog tasks, the newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(TaskSerializer(page, many=True).data)

    @extend_schema(
        operation_id="create_task", request=NewTaskSerializer, responses={201: TaskSerializer}, examples=[EMPTY]
    )
    def post(self, request: Request, **_: Any) -> Response:
        """Makes a draft: with nothing but its first intent, or with a document's content."""
        given = sent(request, TaskHeadSerializer)
        if "document" in request.data:
            document = document_of(request.data["document"], "document")
            document |= {"description": given["description"]} if "description" in given else {}
            task = flow.create_from(self.app, document, given.get("name", ""), given.get("title", ""))
        elif "title" in given:
            name, description = given.get("name", ""), given.get("description", "")
            task = flow.create_empty(self.app, given["title"], name, description)
        else:
            raise Invalid([(["title"], "A dialog task needs a title, or a document that has one.")])
        return created(self, task)


class OneTask(TaskView):
    serializer_class = TaskSerializer
    editable = True

    @extend_schema(operation_id="read_task")
    def get(self, request: Request, **_: Any) -> Response:
        """Reads a dialog task without its nodes."""
        return Response(TaskSerializer(self.task).data)

    @extend_schema(operation_id="change_task", request=TaskChangeSerializer, responses=TaskSerializer)
    def patch(self, request: Request, **_: Any) -> Response:
        """Changes title, description, start or settings of the draft. Its name stays."""
        change = sent(request, TaskChangeSerializer)
        check_settings(change.get("settings", {}), "settings")
        with transaction.atomic():
            row = self.lock()
            self.check_match(request, TaskSerializer(row).data)
            if change:
                edit(row, Sent(ops=[{"op": "set_task", **change}]), self.caller.user)
                row = self.lock()
        return Response(TaskSerializer(row).data)

    @extend_schema(operation_id="delete_task", responses={204: None})
    def delete(self, request: Request, **_: Any) -> Response:
        """Deletes a dialog task for good, with its versions and tests."""
        with transaction.atomic():
            row = self.lock()
            self.check_match(request, TaskSerializer(row).data)
            flow.delete_task(row)
        return Response(status=204)


class Deletion(TaskView):
    serializer_class = DeletionSerializer

    @extend_schema(operation_id="preview_task_deletion")
    def get(self, request: Request, **_: Any) -> Response:
        """Tells what will no longer work once the task is deleted. Nothing is changed."""
        used = flow.used_in(self.task).values_list("name", flat=True)
        return Response({"stops": flow.what_stops(self.task), "used_in": list(used)})


class Duplicates(TaskView):
    serializer_class = TaskSerializer

    @extend_schema(operation_id="duplicate_task", request=None, responses={201: TaskSerializer})
    def post(self, request: Request, **_: Any) -> Response:
        """Makes another draft with the same content, under a free name."""
        return created(self, flow.duplicate(self.task))
