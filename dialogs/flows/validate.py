"""What keeps a draft from being published."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from dialogs.bridges import known_operations, scripts
from dialogs.engine import validate
from integrations import api

from .checked_scripts import CheckedScripts
from .uses import readiness, sub_dialogs

if TYPE_CHECKING:
    from collections.abc import Mapping


def problems_of(document: Mapping[str, Any], app_id: int | None = None) -> list[dict[str, str]]:
    """Every problem as {node, code, message, property}; ``node`` is empty where the whole task is meant.

    With ``app_id`` its sub-dialogs are looked for among the App's tasks: two queries where it has any, else none; and
    the authorization profiles that it names among the App's: one query where it names any.
    """
    tasks = None if app_id is None or not sub_dialogs(document) else readiness(app_id, str(document.get("name")))
    profiles = None if app_id is None or not _names_profiles(document) else api.profile_names(app_id)
    found = validate.problems_of(document, known_operations(), _scripts(), tasks, profiles)
    return [problem.to_json() for problem in found]


@cache
def _scripts() -> CheckedScripts:
    return CheckedScripts(scripts())


def _names_profiles(document: Mapping[str, Any]) -> bool:
    properties = (node.get("properties") for node in document.get("nodes", ()) if isinstance(node, dict))
    return any(isinstance(each, dict) and each.get("profile") for each in properties)
