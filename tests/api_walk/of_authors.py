"""What authors make: dialog tasks and all that belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.flows.edit import Sent, edit
from dialogs.models import DialogTask, DialogTest, Version
from tests.dialogs import factories, samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from .scene import Scene


def task(scene: Scene) -> Any:
    return factories.task(scene.app, samples.greeting(f"task{scene.number}")).pk


def _task(scene: Scene) -> DialogTask:
    return DialogTask.objects.get(pk=scene.value("tasks/{task}"))


def _edit(scene: Scene, *ops: dict[str, Any]) -> None:
    edit(_task(scene), Sent(ops=ops))


def node(scene: Scene) -> Any:
    name = f"node{scene.number}"
    _edit(scene, {"op": "add_node", "node": {"name": name, "kind": "message", "properties": {"texts": ["Hi"]}}})
    return name


def troubled_node(scene: Scene) -> Any:
    _edit(scene, {"op": "add_node", "node": {"name": f"silent{scene.number}", "kind": "message"}})


def transition(scene: Scene) -> Any:
    _edit(scene, {"op": "set_transitions", "source": node(scene), "transitions": [{"target": "@end"}]})


def version(scene: Scene) -> Any:
    """As a row: the draft may hold nodes of other examples, to which nothing leads, and is then not published."""
    own = _task(scene)
    number = own.versions.count() + 1
    Version.objects.create(task=own, number=number, document=samples.greeting(own.name))
    return number


def dialog_test(scene: Scene) -> Any:
    return DialogTest.objects.create(app=scene.app, name=f"Test {scene.number}", turns=[]).pk


def trace(scene: Scene) -> Any:
    row = factories.ConversationFactory(end_user=scene.person)
    return factories.TurnFactory(conversation=row).pk


MAKERS: dict[str, Callable[[Scene], Any]] = {
    "tasks/{task}": task,
    "nodes/{name}": node,
    "versions/{number}": version,
    "tests/{test}": dialog_test,
    "traces/{trace}": trace,
    "templates/{provider}": lambda _scene: "jira",
    "{provider}/{template}": lambda _scene: "create-issue",
}
BODIES: dict[str, Any] = {
    "put_node": {"name": "other", "kind": "message"},
    "put_node_transitions": {"items": []},
    "roll_back": {"revision": 1},
}
SHARED = frozenset({"nodes/{name}", "versions/{number}", "templates/{provider}", "{provider}/{template}"})
ROWS: dict[str, Callable[[Scene], Any]] = {"list_problems": troubled_node, "list_transitions": transition}
FIXED = frozenset({"list_templates", "list_templates_of_provider"})
