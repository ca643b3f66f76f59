"""What an import would do, told before it is done."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from dialogs.documents.comparison import Comparison, Line, compare
from dialogs.documents.comparison.properties import changed_settings
from dialogs.engine.settings import DEFAULTS, complaints
from dialogs.errors import BadSettings
from dialogs.models import DialogTask, DialogTest
from integrations import api

from .author import whole_document
from .conversation_settings import settings_of
from .validate import problems_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xoplatform.models import App

#: "full" makes the App hold what the file holds and nothing else; "incremental" keeps what the file does not name.
Mode = Literal["full", "incremental"]
Effect = Literal["new", "replaced", "same", "kept", "deleted"]


@dataclass(frozen=True)
class TaskPlan:
    """What becomes of one dialog task. ``problems`` are those of the imported draft."""

    name: str
    title: str
    effect: Effect
    comparison: Comparison = field(default_factory=Comparison)
    problems: tuple[str, ...] = ()
    published: bool = False


@dataclass(frozen=True)
class Plan:
    """The whole report. ``mark`` is another one as soon as the App or the file is."""

    mode: Mode
    tasks: tuple[TaskPlan, ...]
    tests: tuple[tuple[str, Effect], ...]
    #: What becomes different in the App's settings of conversations; nothing where the file holds none.
    settings: tuple[Line, ...]
    notes: tuple[str, ...]
    mark: str

    @property
    def nothing(self) -> bool:
        """Whether applying it would change nothing."""
        effects = {one.effect for one in self.tasks} | {effect for _name, effect in self.tests}
        return effects <= {"same", "kept"} and not self.settings

    @property
    def counts(self) -> dict[str, int]:
        """How many tasks meet each effect."""
        return {effect: sum(one.effect == effect for one in self.tasks) for effect in ("new", "replaced", "deleted")}


def plan_import(app: App, content: Mapping[str, Any], mode: Mode) -> Plan:
    """What importing a file's content would do to the App. The number of queries does not grow with its tasks."""
    rows = list(DialogTask.objects.filter(app=app).defer("template_document").prefetch_related("nodes", "transitions"))
    present = {row.name: row for row in rows}
    tasks = [_task(present.get(entry["name"]), entry) for entry in content["tasks"]]
    named = {one.name for one in tasks}
    rest: Effect = "deleted" if mode == "full" else "kept"
    tasks += [
        TaskPlan(row.name, row.title, rest, published=row.published_id is not None)
        for row in rows
        if row.name not in named
    ]
    return Plan(
        mode,
        tuple(tasks),
        tuple(_tests(app, content, mode)),
        tuple(_settings(app, content)),
        tuple(_notes(app, content, tasks)),
        mark_of(app, content, mode),
    )


def mark_of(app: App, content: Mapping[str, Any], mode: Mode) -> str:
    """Stands for what a report was made of: the file, the mode, every task's and test's state, and the settings.

    Three queries.
    """
    tasks = DialogTask.objects.filter(app=app).order_by("pk").values_list("pk", "name", "revision", "published_id")
    tests = DialogTest.objects.filter(app=app).order_by("pk").values_list("pk", "name", "updated_at")
    rows = [[list(row) for row in some] for some in (tasks, tests)]
    told = json.dumps([mode, content, *rows, settings_of(app.pk)], default=str)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def check_settings(content: Mapping[str, Any]) -> None:
    """Raises BadSettings where a file's settings of conversations could not be kept."""
    if wrong := complaints(content.get("settings") or {}):
        raise BadSettings(name=wrong[0][0], reason=wrong[0][1])


def _settings(app: App, content: Mapping[str, Any]) -> Iterator[Line]:
    check_settings(content)
    given = content.get("settings")
    if given is None:
        return
    before = {**DEFAULTS, **settings_of(app.pk)}
    after = {**DEFAULTS, **{name: value for name, value in given.items() if value is not None}}
    yield from changed_settings(before, after)


def plain(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document without its head of origin, and with each node's and arrow's empty fields left out."""
    rest = {key: value for key, value in document.items() if key != "template" and value}
    for key in ("nodes", "transitions"):
        rest[key] = [{k: v for k, v in entry.items() if v not in (None, "", {})} for entry in document[key]]
    return rest


def _task(row: DialogTask | None, entry: Mapping[str, Any]) -> TaskPlan:
    title = str(entry.get("title") or entry["name"])
    problems = tuple(problem["message"] for problem in problems_of({k: v for k, v in entry.items() if k != "template"}))
    if row is None:
        return TaskPlan(entry["name"], title, "new", problems=problems)
    before = whole_document(row)
    same = plain(_as_kept(before, entry)) == plain(entry)
    found = Comparison() if same else compare(before, entry)
    effect: Effect = "same" if same else "replaced"
    return TaskPlan(row.name, title, effect, found, problems, row.published_id is not None)


def _as_kept(before: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """The draft without what an import leaves as it is: places that the file does not name, and notes where it has
    none."""
    placed = {node["name"] for node in entry["nodes"] if node.get("position")}
    nodes = [node if node["name"] in placed else {**node, "position": None} for node in before["nodes"]]
    return {key: value for key, value in before.items() if key != "notes" or entry.get("notes")} | {"nodes": nodes}


def _tests(app: App, content: Mapping[str, Any], mode: Mode) -> Iterator[tuple[str, Effect]]:
    present = {row.name: row for row in DialogTest.objects.filter(app=app).select_related("task")}
    for entry in content.get("tests") or []:
        row = present.pop(entry["name"], None)
        if row is None:
            yield entry["name"], "new"
            continue
        task = row.task.name if row.task else None
        same = (row.turns, row.setting, task) == (entry["turns"], entry.get("setting") or {}, entry.get("task"))
        yield row.name, "same" if same else "replaced"
    for name in present:
        yield name, "deleted" if mode == "full" else "kept"


def _notes(app: App, content: Mapping[str, Any], tasks: list[TaskPlan]) -> Iterator[str]:
    known = {one["name"] for one in api.profile_outlines(app)}
    for profile in content.get("authorization_profiles") or []:
        if profile["name"] not in known:
            yield (
                f"The authorization profile “{profile['name']}” does not exist here. A file holds no secrets, so it is "
                "not made: create it under Integrations, Authorization profiles."
            )
    configured = {action.provider for action in api.actions_of(app) if action.configured}
    called = {
        str((node.get("properties") or {}).get("provider"))
        for entry in content["tasks"]
        for node in entry["nodes"]
        if node["kind"] == "service" and (node.get("properties") or {}).get("provider")
    }
    for provider in sorted(called - configured):
        where = "Configure it under Integrations, Actions."
        yield f"The dialogs call {provider}, which is not configured in this App. {where}"
    missing = {entry.get("task") for entry in content.get("tests") or []} - {None} - {one.name for one in tasks}
    for name in sorted(map(str, missing)):
        yield f"Tests of “{name}” are left out: neither the file nor this App has that dialog task."
