"""Reading the values that people set, field by field, with Jira's words for what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from .access import find_issue
from .adf import is_document
from .call import Call
from .catalogue import PRIORITIES, RESOLUTIONS, TYPES
from .errors import JiraError, wrong_field
from .field_catalogue import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def read_type(value: Any, among: Iterable[str] = TYPES) -> str | None:
    """The id of an issue type given by id or name, or None when there is none such."""
    wanted = value if isinstance(value, dict) else {}
    for each in (TYPES[number] for number in among):
        if each.id == str(wanted.get("id")) or each.name == wanted.get("name"):
            return each.id
    return None


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


def _resolution(_call: Call, field: str, value: Any) -> dict[str, str]:
    wanted = value if isinstance(value, dict) else {}
    for number, name in RESOLUTIONS.items():
        if number == str(wanted.get("id")) or name == wanted.get("name"):
            return {"id": number, "name": name}
    raise wrong_field(field, "bad_option", value=value)


def _number(_call: Call, field: str, value: Any) -> float | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise wrong_field(field, "not_number")
    return value


def _moment(_call: Call, field: str, value: Any) -> str | None:
    """In the one form that the service takes: `2026-11-25T09:30:00.000+0100`."""
    if value is None:
        return None
    try:
        datetime.strptime(str(value), "%Y-%m-%dT%H:%M:%S.%f%z")
    except ValueError:
        raise wrong_field(field, "bad_date", value=value) from None
    return str(value)


def _option(_call: Call, field: str, value: Any) -> dict[str, Any] | None:
    return None if value is None else _chosen(field, FIELDS[field].allowed, value)


def _options(_call: Call, field: str, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise wrong_field(field, "not_list")
    return [_chosen(field, FIELDS[field].allowed, each) for each in value]


def _chosen(field: str, allowed: Iterable[dict[str, Any]], value: Any) -> dict[str, Any]:
    """The allowed value that is meant, by id or by value, and its child, if one is named."""
    wanted = value if isinstance(value, dict) else {}
    for each in allowed:
        if each["id"] == str(wanted.get("id")) or each["value"] == wanted.get("value"):
            kept = {"value": each["value"], "id": each["id"]}
            child = wanted.get("child")
            return kept if child is None else {**kept, "child": _chosen(field, each.get("children", ()), child)}
    raise wrong_field(field, "bad_option", value=wanted.get("id") or wanted.get("value"))


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
    "resolution": _resolution,
    "customfield_10030": _option,
    "customfield_10031": _options,
    "customfield_10032": _number,
    "customfield_10033": _moment,
    "customfield_10034": _person,
    "customfield_10035": _option,
    "customfield_10036": _line,
}
