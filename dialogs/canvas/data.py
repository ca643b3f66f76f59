"""What the canvas draws: one dialog task's draft as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from dialogs.flows.author import document_of
from dialogs.flows.validate import problems_of
from integrations import api
from xoplatform.models import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dialogs.models import DialogTask, Node, Transition
    from xoplatform.models import App


def canvas_data(app: App, task: DialogTask, role: Role) -> dict[str, Any]:
    """Two queries, for nodes and transitions; ``task`` comes with its published version."""
    nodes = list(task.nodes.all())
    transitions = list(task.transitions.all())
    return {
        "task": _task(task),
        "app": {"name": app.name, "slug": app.slug},
        "nodes": [_node(node) for node in nodes],
        "transitions": [_transition(row) for row in transitions],
        "problems": problems_of(document_of(task, nodes, transitions)),
        "operations": _operations(nodes),
        "urls": _urls(app, task),
        "may": {"publish": role.covers(Role.DEVELOPER), "talk": role.covers(Role.DEVELOPER)},
    }


def _task(task: DialogTask) -> dict[str, Any]:
    return {
        "id": task.pk,
        "name": task.name,
        "title": task.title,
        "description": task.description,
        "state": task.state.value,
        "version": task.published.number if task.published else None,
    }


def _node(node: Node) -> dict[str, Any]:
    return {
        "id": node.pk,
        "name": node.name,
        "kind": node.kind,
        "title": node.title,
        "parent": node.parent_id,
        "properties": node.properties,
        "position": node.position,
    }


def _transition(row: Transition) -> dict[str, Any]:
    return {
        "id": row.pk,
        "source": row.source_id,
        "target": row.target_id or row.special or None,
        "order": row.order,
        "condition": row.condition,
        "label": row.label,
    }


def _operations(nodes: Sequence[Node]) -> dict[str, Any]:
    """Every operation that a service node names, so that the panel can say what it calls."""
    used = {(n.properties.get("provider"), n.properties.get("operation")) for n in nodes if n.kind == "service"}
    known = {provider: api.operations(provider) for provider, _name in used if provider in api.providers()}
    return {
        name: {"method": info.method, "path": info.path, "title": info.title}
        for provider, name in used
        if (info := known.get(provider, {}).get(name)) is not None
    }


def _urls(app: App, task: DialogTask) -> dict[str, str]:
    return {
        "back": reverse("admin:app_dialogs", args=[app.slug]),
        "publish": reverse("admin:app_canvas_publish", args=[app.slug, task.pk]),
        "talk": reverse("admin:app_talk_messages", args=[app.slug]),
        "data": reverse("admin:app_canvas_data", args=[app.slug, task.pk]),
    }
