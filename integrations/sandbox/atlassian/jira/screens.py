"""Which fields a project asks for: on its screen for a new issue, and on the screens of its transitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .catalogue import TYPES
from .errors import JiraError, text
from .field_catalogue import EVERYWHERE, FIELDS, USUAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from integrations.sandbox.atlassian.state.jira_records import Project

    from .catalogue import Transition

ALWAYS = ("summary", "issuetype", "project")


def create_fields(project: Project, type_id: str) -> list[dict[str, Any]]:
    """The fields of a new issue of this type, as create metadata lists them."""
    needed = required(project, type_id)
    shown = dict.fromkeys((*USUAL, *needed, *project.screen))
    fields = [FIELDS[name] for name in shown]
    return [field.metadata(required=field.id in needed) | {"fieldId": field.id} for field in fields]


def required(project: Project, type_id: str) -> list[str]:
    """The fields without which no issue of this type is made, the service's own first."""
    parent = ["parent"] if TYPES[type_id].subtask else []
    named = [*project.required.get("*", ()), *project.required.get(type_id, ())]
    return list(dict.fromkeys((*ALWAYS, "reporter", *parent, *named)))


def transition_fields(project: Project, transition: Transition) -> dict[str, dict[str, Any]]:
    """The fields on the screen of a transition, by id; nothing without a screen."""
    return {name: FIELDS[name].metadata(required=True) for name in project.moving.get(transition.id, ())}


def check_on_screen(project: Project, given: Iterable[str]) -> None:
    """JiraError 400 names custom fields that this project does not have."""
    foreign = [
        name
        for name in given
        if name in FIELDS and FIELDS[name].is_custom and name not in {*project.screen, *_named(project), *EVERYWHERE}
    ]
    if foreign:
        raise JiraError(400, **{name: text("bad_field", field=name) for name in foreign})


def check_required(names: Iterable[str], given: Mapping[str, Any]) -> None:
    """JiraError 400 names the required fields that are missing or empty."""
    missing = [name for name in names if given.get(name) in (None, "", []) and not FIELDS[name].has_default]
    if missing:
        raise JiraError(400, **{name: text("required", name=FIELDS[name].name) for name in missing})


def _named(project: Project) -> set[str]:
    return {name for names in (*project.required.values(), *project.moving.values()) for name in names}
