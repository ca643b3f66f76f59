"""What a conversation can run: compiled versions, kept in the process because a version never changes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import structlog

from dialogs.engine.bot import Bot
from dialogs.engine.compile import CompiledGraph, compile_graph
from dialogs.graph.problems import InvalidGraph
from dialogs.models import DialogTask, Version

from .publish import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from dialogs.engine.state import State
    from dialogs.models import Conversation

log = structlog.get_logger(__name__)

EMPTY = Bot({})


@lru_cache(maxsize=1024)
def compiled(version_id: int) -> CompiledGraph:
    """A version, compiled once per process. Raises Version.DoesNotExist and InvalidGraph."""
    return compile_graph(Version.objects.values_list("document", flat=True).get(pk=version_id))


def bot_for(conversation: Conversation, state: State) -> Bot:
    """What the next message may start, or go on with.

    Within a task only that task's own version is needed, so no query is made, unless the task waits for an
    authorization: then it may be left for another. When the version was deleted, the engine says so. Raises
    InvalidGraph when the one draft that is being tried cannot run.
    """
    if state.task:
        try:
            if state.waiting != "authorization":
                return _going_on(int(state.task))
            graph = compiled(int(state.task))
        except Version.DoesNotExist:
            return EMPTY
        return _starting(tuple(_versions(conversation)), strict=False).pinned(state.task, graph)
    return _starting(tuple(_versions(conversation)), strict=conversation.focus_id is not None)


@lru_cache(maxsize=1024)
def _going_on(version_id: int) -> Bot:
    return EMPTY.pinned(str(version_id), compiled(version_id))


@lru_cache(maxsize=256)
def _starting(version_ids: tuple[int, ...], *, strict: bool) -> Bot:
    graphs: dict[str, CompiledGraph] = {}
    for version_id in version_ids:
        try:
            graphs[str(version_id)] = compiled(version_id)
        except InvalidGraph as error:
            if strict:
                raise
            log.warning("draft_left_out", version=version_id, problems=len(error.problems))
    return Bot(graphs)


def _versions(conversation: Conversation) -> Iterable[int]:
    tasks = DialogTask.objects.filter(app_id=conversation.app_id).order_by("pk")
    if conversation.focus_id is not None:
        tasks = tasks.filter(pk=conversation.focus_id)
    if conversation.draft:
        return _drafts(tasks)
    return tasks.filter(published__isnull=False).values_list("published_id", flat=True)


def _drafts(tasks: QuerySet[DialogTask]) -> list[int]:
    rows = list(tasks.only("pk", "snapshot_id"))
    return [row.snapshot_id or snapshot(row).pk for row in rows]


def forget() -> None:
    """Empties the process's caches: for tests, in which ids of versions are used again."""
    for cached in (compiled, _going_on, _starting):
        cached.cache_clear()
