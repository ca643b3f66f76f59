"""The drafts of an App as tests run them, each read and compiled once for all the tests of a run."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from dialogs.engine.bot import Bot
from dialogs.engine.compile import compile_graph
from dialogs.flows.author import draft_document
from dialogs.graph.problems import InvalidGraph
from dialogs.models import ConversationSettings, DialogTask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.engine.compile import CompiledGraph
    from xoplatform.models import App


class Drafts:
    """`Shelf` of a run of tests; keys are those of tasks. Four queries, however many tests and tasks there are."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._graphs: dict[str, CompiledGraph] = {}

    def bot(self, task: DialogTask | None) -> Bot:
        """What a test may start. Raises InvalidGraph where the one task that it is about cannot run."""
        if task is None:
            return self.whole()
        return Bot({str(task.pk): self._graph(str(task.pk))}).on(self)

    def version(self, key: str) -> CompiledGraph | None:
        try:
            return self._graph(key)
        except (KeyError, InvalidGraph):
            return None

    def task(self, name: str) -> str | None:
        key = next((key for key, row in self._rows.items() if row.name == name), None)
        return key if key and self.version(key) else None

    def whole(self) -> Bot:
        found = {key: graph for key in self._rows if (graph := self.version(key)) is not None}
        return Bot(found).on(self)

    def settings(self) -> Mapping[str, Any]:
        return self._settings

    @cached_property
    def _rows(self) -> dict[str, DialogTask]:
        tasks = DialogTask.objects.filter(app=self._app).order_by("pk").prefetch_related("nodes", "transitions")
        return {str(row.pk): row for row in tasks.defer("template_document")}

    @cached_property
    def _settings(self) -> Mapping[str, Any]:
        return ConversationSettings.objects.filter(app=self._app).values_list("values", flat=True).first() or {}

    def _graph(self, key: str) -> CompiledGraph:
        if key not in self._graphs:
            self._graphs[key] = compile_graph(draft_document(self._rows[key]))
        return self._graphs[key]
