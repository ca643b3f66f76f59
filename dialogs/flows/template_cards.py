"""A provider's templates as an App sees them: what each needs, what it was made into, how far that came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dialogs.models import DialogTask, Installation
from integrations import api

from .install import installed
from .outline import Outline, outline_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xoplatform.models import App

#: After this long without a worker the page says what may be wrong.
SLOW = timedelta(seconds=20)


@dataclass(frozen=True)
class Card:
    """A template, the App's task made of it, and how far its installation came."""

    template: api.TemplateInfo
    outline: Outline
    task: DialogTask | None
    installation: Installation | None
    #: Scopes that its calls need and the App's authorization lacks.
    missing_scopes: tuple[str, ...] = ()

    @property
    def busy(self) -> bool:
        """Whether a worker has it, or should."""
        waiting = {Installation.Status.WAITING, Installation.Status.INSTALLING}
        return self.installation is not None and self.installation.status in waiting

    @property
    def slow(self) -> bool:
        """Whether it has been waiting so long that no worker may be running."""
        return self.busy and self.installation is not None and self.installation.updated_at < timezone.now() - SLOW

    @property
    def failure(self) -> str:
        """Why the last attempt failed, unless the task is there by now."""
        row = self.installation
        return row.message if row and row.status == Installation.Status.FAILED and self.task is None else ""

    @property
    def upgradable(self) -> bool:
        return self.task is not None and self.task.template_version != str(self.template.version)


def cards_of(app: App, provider: str) -> list[Card]:
    """A card for each template of a provider, in its order; three queries."""
    tasks = installed(app, provider)
    rows = {row.template_id: row for row in Installation.objects.filter(app=app, provider=provider)}
    templates = api.templates(provider)
    used = {template.id: operations_of(template.document) for template in templates}
    missing = api.missing_scopes(app, provider, used)
    return [
        Card(
            template,
            outline_of(template.document),
            tasks.get(template.id),
            rows.get(template.id),
            missing[template.id],
        )
        for template in templates
    ]


def operations_of(document: Mapping[str, Any]) -> list[str]:
    """The operations that a template's service nodes call."""
    nodes = (node.get("properties") or {} for node in document.get("nodes", []) if node["kind"] == "service")
    return [properties["operation"] for properties in nodes if "operation" in properties]
