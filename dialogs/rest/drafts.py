"""A dialog task's draft: as one document, by edits, what is wrong with it, and back to what is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from dialogs.documents.editing import read_ops
from dialogs.flows.author import draft_document, replace_draft, whole_document
from dialogs.flows.discard import discard_changes, what_is_lost
from dialogs.flows.edit import Sent, edit
from dialogs.flows.validate import problems_of
from xoplatform.rest import etags
from xoplatform.rest.errors import Changed
from xoplatform.rest.pagination import Whole, whole
from xoplatform.rest.reading import sent

from .base import TaskView
from .edit_shapes import ComparisonSerializer, EditSerializer, SavedSerializer
from .graph_shapes import DraftSerializer, ProblemSerializer
from .reading import draft_of

if TYPE_CHECKING:
    from rest_framework.request import Request

    from dialogs.flows.edit import Saved
    from dialogs.models import DialogTask

RENAME = OpenApiExample(
    "Rename a node", {"base": 12, "ops": [{"op": "rename_node", "from": "ask", "to": "summary"}]}, request_only=True
)


def shown(task: DialogTask) -> dict[str, Any]:
    """The draft with its revision. Three queries."""
    # The revision is read first: an edit that slips in between makes the document newer than it says, never older.
    task.refresh_from_db(fields=["revision", "notes"])
    return whole_document(task) | {"revision": task.revision}


def saved_edit(saved: Saved) -> dict[str, Any]:
    """What became of an edit, with what is wrong with the draft now."""
    return {
        "revision": saved.task.revision,
        "state": saved.task.state.value,
        "problems": problems_of(saved.draft.document(), saved.task.app_id),
        "applied": saved.applied,
        "others": saved.others,
    }


class Draft(TaskView):
    serializer_class = DraftSerializer
    editable = True

    @extend_schema(operation_id="read_draft")
    def get(self, request: Request, **_: Any) -> Response:
        """Reads the draft as a document, with its places on the canvas and its notes."""
        return Response(shown(self.task))

    @extend_schema(operation_id="put_draft")
    def put(self, request: Request, **_: Any) -> Response:
        """Puts a whole document in place of the draft, as one edit.

        With the `revision` that it was made from, it is refused (409 `edit_conflict`, with both versions of everything
        at stake) where it would undo what others did since. Without, it replaces what is there.
        """
        document, base = draft_of(request.data, self.task.name)
        with transaction.atomic():
            row = self.lock()
            stale = not etags.holds(request, shown(row))
            replace_draft(row, document, self.caller.user, base=base)
            if stale:  # asked last, since what conflicts says more than that something changed
                raise Changed
            answer = shown(row)
        return Response(answer)


class Edits(TaskView):
    serializer_class = SavedSerializer

    @extend_schema(operation_id="edit_draft", request=EditSerializer, responses=SavedSerializer, examples=[RENAME])
    def post(self, request: Request, **_: Any) -> Response:
        """Makes operations on the draft and merges them with what others saved since `base`.

        The draft may be unfinished: it is saved, and its problems are listed. 409 `edit_conflict` where others changed
        the same, with both versions.
        """
        values = sent(request, EditSerializer)
        edits = Sent(ops=read_ops(values.pop("ops")), **values)
        return Response(saved_edit(edit(self.task, edits, self.caller.user)))


class Problems(TaskView):
    serializer_class = ProblemSerializer
    pagination_class = Whole

    @extend_schema(operation_id="list_problems", responses=ProblemSerializer(many=True))
    def get(self, request: Request, **_: Any) -> Response:
        """Lists what keeps the draft from being published; nothing where it can be."""
        return whole(problems_of(draft_document(self.task), self.app.pk))


class Discarding(TaskView):
    serializer_class = SavedSerializer

    @extend_schema(operation_id="preview_discard", responses=ComparisonSerializer)
    def get(self, request: Request, **_: Any) -> Response:
        """Tells which changes of the draft would be lost. Nothing is changed."""
        return Response(ComparisonSerializer(what_is_lost(self.task)).data)

    @extend_schema(operation_id="discard_draft", request=None, responses=SavedSerializer)
    def post(self, request: Request, **_: Any) -> Response:
        """Makes the published version the draft again, as an edit; places on the canvas and notes stay."""
        return Response(saved_edit(discard_changes(self.task, self.caller.user)))
