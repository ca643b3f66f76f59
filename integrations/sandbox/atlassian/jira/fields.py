"""Reading the values that people set, field by field, with Jira's words for what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from .access import find_issue
from .adf import is_document
from .call import Call
from .catalogue import PRIORITIES, TYPES
from .errors import JiraError, wrong_field

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.jira_records import Project

LONGEST_SUMMARY = 255
#: Taken without a word and without effect: only a transition changes a status.
IGNORED = frozenset({"status"})
Reader = Callable[[Call, str, Any], Any]


def read_fields(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    """The stored form of all given fields; JiraError 400 names every wrong one at once."""
    values, errors = {}, {}
    for field, value in given.items():
        try:
            values[field] = _reader(field)(call, field, value)
        except JiraError as error:
            errors.update(error.fields)
    if errors:
        raise JiraError(400, **errors)
    return values


def _reader(field: str) -> Reader:
    return READERS.get(field, _unknown)


def assignable(call: Call, project: Project, account_id: str | None) -> bool:
    """Nobody, or a member of the site who may see the project."""
    if account_id is None:
        return True
    return account_id in call.site.members and (project.only is None or account_id in project.only)


def account_of(value: Any) -> Any:
    """The account id in the forms that Jira takes: `id` and `accountId`."""
    return value.get("accountId", value.get("id")) if isinstance(value, dict) else value


def read_type(value: Any) -> str | None:
    """The id of an issue type given by id or name, or None when there is none such."""
    wanted = value if isinstance(value, dict) else {}
    by_id = TYPES.get(str(wanted.get("id")))
    by_name = next((each for each in TYPES.values() if each.name == wanted.get("name")), None)
    found = by_id or by_name
    return found.id if found else None


def _summary(_call: Call, field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise wrong_field(field, "not_string")
    if not value.strip():
        raise wrong_field(field, "no_summary")
    if "\n" in value or "\r" in value:
        raise wrong_field(field, "line_summary")
    if len(value) > LONGEST_SUMMARY:
        raise wrong_field(field, "long_summary")
    return value


def _line(_call: Call, field: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise wrong_field(field, "not_string")
    return value


def _document(_call: Call, field: str, value: Any) -> Any:
    if value is not None and not is_document(value):
        raise wrong_field(field, "not_adf")
    return value


def _labels(_call: Call, field: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise wrong_field(field, "not_string")
    for label in value:
        if not label or any(letter.isspace() for letter in label):
            raise wrong_field(field, "not_labels", label=label)
    return list(dict.fromkeys(value))


def _priority(_call: Call, field: str, value: Any) -> str:
    wanted = value if isinstance(value, dict) else {}
    for number, name in PRIORITIES.items():
        if number == str(wanted.get("id")) or name == wanted.get("name"):
            return number
    raise wrong_field(field, "bad_priority")


def _person(call: Call, field: str, value: Any) -> str | None:
    account = account_of(value)
    if account is None:
        return None
    if account not in call.site.members:
        raise wrong_field(field, "bad_user")
    return str(account)


def _date(_call: Call, field: str, value: Any) -> str | None:
    try:
        return None if value is None else date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise wrong_field(field, "bad_date", value=value) from None


def _parent(call: Call, field: str, value: Any) -> str:
    wanted = value if isinstance(value, dict) else {}
    try:
        issue, _ = find_issue(call, str(wanted.get("id") or wanted.get("key")))
    except JiraError:
        raise wrong_field(field, "bad_parent") from None
    return issue.id


def _type(_call: Call, field: str, value: Any) -> str:
    found = read_type(value)
    if found is None:
        raise wrong_field(field, "bad_type")
    return found


def _unknown(_call: Call, field: str, _value: Any) -> None:
    raise wrong_field(field, "bad_field", field=field)


READERS: dict[str, Reader] = {
    "summary": _summary,
    "description": _document,
    "environment": _document,
    "labels": _labels,
    "priority": _priority,
    "assignee": _person,
    "reporter": _person,
    "duedate": _date,
    "parent": _parent,
    "issuetype": _type,
    "customfield_10010": _document,
    "customfield_10020": _line,
}
