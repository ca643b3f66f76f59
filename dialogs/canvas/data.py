"""What the canvas begins with: one dialog task's draft as JSON, and what its editor offers. See PROTOCOL.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from dialogs.documents.editing import uses_of
from dialogs.engine.settings import CHOICES, DEFAULTS, SECTIONS, schema
from dialogs.flows import drafts
from dialogs.flows.conversation_settings import settings_of
from dialogs.flows.edit_log import called
from dialogs.flows.tasks import used_in
from dialogs.flows.validate import problems_of
from dialogs.models import DialogTask
from integrations import api
from xoplatform.models import Role

from .kinds import entity_types, kinds
from .variables import variables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dialogs.documents.editing import Draft
    from xoplatform.models import App


def canvas_data(app: App, task: DialogTask, role: Role, user: Any) -> dict[str, Any]:
    """Seven queries: nodes, transitions, the revision, the App's settings and other tasks, who runs this one, profiles.

    ``task`` comes with its published version.
    """
    draft = drafts.read_steady(task).draft
    document = draft.document()
    return {
        "revision": task.revision,
        "task": _task(task),
        "app": {"name": app.name, "slug": app.slug},
        "nodes": [{"id": name, **node} for name, node in draft.nodes.items()],
        "transitions": list(_transitions(draft)),
        "notes": list(draft.notes.values()),
        "problems": problems_of(document, app.pk),
        "kinds": kinds(),
        "entity_types": entity_types(),
        "providers": _providers(),
        "operations": _operations(draft),
        "settings_schema": schema(of_a_dialog=True),
        "settings_form": {"sections": SECTIONS, "choices": CHOICES, "app": {**DEFAULTS, **settings_of(app.pk)}},
        "tasks": _other_tasks(app, task),
        "profiles": [{"name": row["name"], "type": row["type"]} for row in api.profile_outlines(app)],
        "variables": variables(document),
        "uses": uses_of(draft),
        "used_in": [{"name": row.name, "title": row.title} for row in used_in(task)],
        "urls": _urls(app, task),
        "may": dict.fromkeys(("edit", "publish", "talk"), role.covers(Role.DEVELOPER)),
        "me": {"name": called(user)},
    }


def _task(task: DialogTask) -> dict[str, Any]:
    return {
        "id": task.pk,
        "name": task.name,
        "title": task.title,
        "description": task.description,
        "start": task.start,
        "settings": task.settings,
        "state": task.state.value,
        "version": task.published.number if task.published else None,
    }


def _transitions(draft: Draft) -> Iterable[dict[str, Any]]:
    for source, ways in draft.ways.items():
        for order, way in enumerate(ways):
            yield {"id": f"{source}/{order}", "source": source, "order": order, **way}


def _providers() -> dict[str, Any]:
    """Every provider with its operations, as pickers and parameter forms need them."""
    return {
        name: {
            "title": provider.title,
            "operations": {
                operation: {
                    "title": info.title,
                    "description": info.description,
                    "method": info.method,
                    "path": info.path,
                    "idempotent": info.idempotent,
                    "parameters": info.parameters,
                    "body": info.body,
                }
                for operation, info in api.operations(name).items()
            },
        }
        for name, provider in api.providers().items()
    }


def _operations(draft: Draft) -> dict[str, Any]:
    """Every operation that a service node names, so that the panel can say what it calls."""
    services = [node["properties"] for node in draft.nodes.values() if node["kind"] == "service"]
    used = {(properties.get("provider"), properties.get("operation")) for properties in services}
    known = {provider: api.operations(provider) for provider in api.providers()}
    return {
        operation: {"method": info.method, "path": info.path, "title": info.title}
        for provider, operation in used
        if isinstance(provider, str) and (info := known.get(provider, {}).get(operation)) is not None
    }


def _other_tasks(app: App, task: DialogTask) -> list[dict[str, str]]:
    columns = ("name", "title", "published_id", "published_revision", "revision")
    rows = DialogTask.objects.filter(app=app).exclude(pk=task.pk).only(*columns).order_by("title")
    return [{"name": row.name, "title": row.title, "state": row.state.value} for row in rows]


def _urls(app: App, task: DialogTask) -> dict[str, str]:
    of_task = ("data", "edits", "changes", "presence", "discard", "variables", "publish", "test_request")
    return {
        "back": reverse("admin:app_dialogs", args=[app.slug]),
        "settings": reverse("admin:app_conversation_settings", args=[app.slug]),
        "talk": reverse("admin:app_talk_messages", args=[app.slug]),
        **{name: reverse(f"admin:app_canvas_{name}", args=[app.slug, task.pk]) for name in of_task},
    }
