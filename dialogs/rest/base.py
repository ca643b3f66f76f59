"""What the endpoints below a dialog task have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from dialogs.models import DialogTask
from xoplatform.models import Scope
from xoplatform.rest.access import Access
from xoplatform.rest.errors import NotHere
from xoplatform.rest.views import AppView

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from xoplatform.models import App

AUTHORS = Access(Scope.CONFIGURATION)


def tasks_of(app: App) -> QuerySet[DialogTask]:
    """The App's tasks with the numbers of their published versions, without documents."""
    rows = DialogTask.objects.filter(app=app).select_related("published")
    return rows.defer("template_document", "published__document")


def task_of(app: App, key: int) -> DialogTask:
    """The App's task of this id. Raises NotHere."""
    task = tasks_of(app).filter(pk=key).first()
    if task is None:
        raise NotHere(what="dialog task")
    task.app = app
    return task


class TaskView(AppView):
    """An endpoint below ``tasks/{task}/``."""

    access: ClassVar = AUTHORS
    task: DialogTask

    def admit(self, request: Request) -> None:
        super().admit(request)
        self.task = task_of(self.app, int(self.kwargs["task"]))

    def lock(self) -> DialogTask:
        """The task as it is now, held until the transaction ends: who edits it meanwhile waits. Raises NotHere.

        Call it in a transaction.
        """
        if not DialogTask.objects.select_for_update().filter(pk=self.task.pk).values_list("pk"):
            raise NotHere(what="dialog task")
        return task_of(self.app, self.task.pk)

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, DialogTask.DoesNotExist):  # deleted at this moment
            exc = NotHere(what="dialog task")
        return super().handle_exception(exc)
