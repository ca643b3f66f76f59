"""Installing a provider's dialog templates as dialog tasks of an App."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from django.db import transaction

from dialogs.errors import ActionNotConfigured, AlreadyInstalled, UnknownTemplate
from dialogs.models import DialogTask
from integrations import api

from .author import create_task, free_name, replace_draft

if TYPE_CHECKING:
    from xoplatform.models import App

#: What to do when the template was installed before: refuse, install a second one, overwrite, leave as it is.
Mode = Literal["new", "duplicate", "replace", "keep"]


def installed(app: App, provider: str) -> dict[str, DialogTask]:
    """The App's task for each installed template of a provider, by template id; of several, the first."""
    rows = DialogTask.objects.filter(app=app, provider=provider).order_by("-pk")
    return {row.template_id: row for row in rows}


def find_template(provider: str, template_id: str) -> api.TemplateInfo:
    """Raises UnknownTemplate when the provider has none of this id."""
    for template in api.templates(provider):
        if template.id == template_id:
            return template
    raise UnknownTemplate(provider=provider, template=template_id)


@transaction.atomic
def install(app: App, provider: str, template_id: str, mode: Mode = "new") -> DialogTask:
    """Makes a dialog task of a template and returns it; with "keep" the one that is there.

    The draft is new; nothing is published by it, and replacing leaves the published version running.
    Raises ActionNotConfigured, UnknownTemplate, and AlreadyInstalled when ``mode`` is "new" and it is.
    """
    template = find_template(provider, template_id)
    if not is_configured(app, provider):
        raise ActionNotConfigured(provider=provider, app=app.name)
    # Two installations at once must not both find nothing installed.
    type(app).objects.select_for_update().get(pk=app.pk)
    present = installed(app, provider).get(template_id)
    if present is None or mode == "duplicate":
        return _create(app, provider, template)
    if mode == "keep":
        return present
    if mode == "replace":
        return _replace(present, template)
    raise AlreadyInstalled(title=present.title)


def is_configured(app: App, provider: str) -> bool:
    """Whether the App's action with this provider was enabled at least once."""
    return any(action.provider == provider and action.configured for action in api.actions_of(app))


def _create(app: App, provider: str, template: api.TemplateInfo) -> DialogTask:
    name = free_name(app, template.document["name"])
    copy = name.removeprefix(template.document["name"])
    title = f"{template.title} ({copy})" if copy else template.title
    document = {**template.document, "name": name, "title": title}
    return create_task(app, document, provider=provider, **_origin(template), template_revision=1)


def _replace(task: DialogTask, template: api.TemplateInfo) -> DialogTask:
    document = {**template.document, "title": task.title}
    replace_draft(task, document, **_origin(template), template_revision=task.revision + 1)
    return task


def _origin(template: api.TemplateInfo) -> dict[str, Any]:
    return {
        "template_id": template.id,
        "template_version": str(template.version),
        "template_document": template.document,
    }
