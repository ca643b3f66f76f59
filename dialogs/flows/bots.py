"""What a conversation can run: compiled versions, kept in the process because a version never changes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import structlog

from dialogs.engine.bot import Bot
from dialogs.engine.compile import CompiledGraph, compile_graph
from dialogs.graph.problems import InvalidGraph
from dialogs.models import DialogTask, Version, statements

from .conversation_settings import settings_of
from .publish import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from django.db.models import QuerySet

    from dialogs.engine.state import State
    from dialogs.models import Conversation

log = structlog.get_logger(__name__)

EMPTY = Bot({})


@lru_cache(maxsize=1024)
def compiled(version_id: int) -> CompiledGraph:
    """A version, compiled once per process. Raises Version.DoesNotExist and InvalidGraph."""
    return compile_graph(Version.objects.values_list("document", flat=True).get(pk=version_id))


class Lazily:
    """`Shelf` of one conversation: queries that most turns do without, each made once."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._whole: Bot | None = None
        self._tasks: dict[str, str | None] = {}
        self._settings: Mapping[str, Any] | None = None

    def version(self, key: str) -> CompiledGraph | None:
        try:
            return compiled(int(key))
        except (ValueError, Version.DoesNotExist, InvalidGraph):
            return None

    def task(self, name: str) -> str | None:
        if name not in self._tasks:
            tasks = DialogTask.objects.filter(app_id=self._conversation.app_id, name=name)
            found = next(iter(_version_ids(self._conversation, tasks)), None)
            self._tasks[name] = None if found is None else str(found)
        return self._tasks[name]

    def whole(self) -> Bot:
        if self._whole is None:
            self._whole = _starting(tuple(_versions(self._conversation)), strict=False).on(self)
        return self._whole

    def settings(self) -> Mapping[str, Any]:
        if self._settings is None:
            self._settings = settings_of(self._conversation.app_id)
        return self._settings


def bot_for(conversation: Conversation, state: State) -> Bot:
    """What the next message may start, or go on with.

    Within a task only that task's own version is needed, so no query is made, unless the task waits for something from
    outside: then it may be left for another. What else a turn may need is fetched when it does. When the version
    was deleted, the engine says so. Raises InvalidGraph when the one draft that is being tried cannot run.
    """
    shelf = Lazily(conversation)
    if state.task:
        try:
            if state.waiting not in {"authorization", "event"} or state.event.get("kind") == "agent":
                return _going_on(int(state.task)).on(shelf)
            graph = compiled(int(state.task))
        except Version.DoesNotExist:
            return EMPTY.on(shelf)
        return _starting(tuple(_versions(conversation)), strict=False).pinned(state.task, graph).on(shelf)
    return _starting(tuple(_versions(conversation)), strict=conversation.focus_id is not None).on(shelf)


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
    if not conversation.draft and conversation.focus_id is None:
        return statements.published(conversation.app_id)
    tasks = DialogTask.objects.filter(app_id=conversation.app_id).order_by("pk")
    if conversation.focus_id is not None:
        tasks = tasks.filter(pk=conversation.focus_id)
    return _version_ids(conversation, tasks)


def _version_ids(conversation: Conversation, tasks: QuerySet[DialogTask]) -> Iterable[int]:
    """What this conversation runs of each task: the draft as it is now, or what was published."""
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
