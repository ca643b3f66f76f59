"""What a query's terms mean for an issue, for the person who asks."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from integrations.sandbox.atlassian.jql.tree import Clause, Group, JqlError, Term, Value
from integrations.sandbox.atlassian.state.jira_records import Issue

from .access import find_issue, find_project, visible_projects
from .adf import plain_text
from .catalogue import PRIORITIES, STATUSES, TYPES
from .errors import JiraError
from .moments import read_moment, start_of_day

if TYPE_CHECKING:
    from .call import Call

Test = Callable[[Issue], bool]
EMPTY = frozenset({"empty", "null"})
ORDERED = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
EQUALITY = frozenset({"=", "!=", "in", "not in"})
SYNONYMS = {"issuekey": "key", "issue": "key", "id": "key", "type": "issuetype"}


def build_test(call: Call, clause: Clause) -> Test:
    """The test that a clause puts to an issue; JqlError for fields and values Jira would refuse."""
    if isinstance(clause, Term):
        return _term(call, clause)
    tests = [build_test(call, each) for each in clause.clauses]
    return _group(clause, tests)


def _group(group: Group, tests: list[Test]) -> Test:
    if group.joint == "not":
        return lambda issue: not tests[0](issue)
    whole = all if group.joint == "and" else any
    return lambda issue: whole(test(issue) for test in tests)


def _term(call: Call, term: Term) -> Test:
    field = SYNONYMS.get(term.field, term.field)
    if field in ("text", "summary", "description", "comment"):
        return _words(call, field, term)
    if field in ("created", "updated"):
        return _moment(call, field, term)
    if field not in READERS:
        raise JqlError("jql_field", field=term.field)
    return _equality(call, field, term)


def _equality(call: Call, field: str, term: Term) -> Test:
    stored = STORED[field]
    if term.operator in ("is", "is not"):
        _need_empty(field, term)
        return lambda issue: bool(stored(issue)) == (term.operator == "is not")
    if term.operator not in EQUALITY:
        raise JqlError("jql_operator", operator=term.operator, field=field)
    wanted = {READERS[field](call, field, each) for each in term.values}
    hits: Test = lambda issue: bool(wanted & stored(issue)) or (None in wanted and not stored(issue))  # noqa: E731 - returned as a value
    if term.operator in ("!=", "not in"):
        # As in Jira, "is not" never finds what has no value at all.
        return lambda issue: bool(stored(issue)) and not hits(issue)
    return hits


def _words(call: Call, field: str, term: Term) -> Test:
    if term.operator in ("is", "is not"):
        _need_empty(field, term)
        return lambda issue: bool(_text(call, field, issue).strip()) == (term.operator == "is not")
    if term.operator not in ("~", "!~"):
        raise JqlError("jql_operator", operator=term.operator, field=field)
    words = [each.strip('*"').lower() for each in term.values[0].text.split()]
    found: Test = lambda issue: all(word in _text(call, field, issue).lower() for word in words)  # noqa: E731 - returned as a value
    return found if term.operator == "~" else lambda issue: not found(issue)


def _text(call: Call, field: str, issue: Issue) -> str:
    parts = {
        "summary": str(issue.fields.get("summary", "")),
        "description": plain_text(issue.fields.get("description")),
    }
    if field in parts:
        return parts[field]
    comments = " ".join(plain_text(each.body) for each in call.here.comments.all() if each.issue == issue.id)
    return comments if field == "comment" else " ".join([*parts.values(), comments])


def _moment(call: Call, field: str, term: Term) -> Test:
    compare = ORDERED.get(term.operator)
    if compare is None:
        raise JqlError("jql_operator", operator=term.operator, field=field)
    now, zone = call.here.clock.now(), call.actor.time_zone if call.actor else call.site.time_zone
    value = term.values[0]
    functions = {"now": now, "startofday": start_of_day(now, zone)}
    moment = functions.get(value.text) if value.function else read_moment(value.text, now, zone)
    if moment is None:
        raise JqlError("jql_date", value=value.text, field=field)
    return lambda issue: bool(compare(getattr(issue, field), moment))


def _need_empty(field: str, term: Term) -> None:
    if term.values[0].text.lower() not in EMPTY:
        raise JqlError("jql_operator", operator=term.operator, field=field)


def _project(call: Call, field: str, value: Value) -> str:
    by_name = (each for each in visible_projects(call) if each.name.lower() == value.text.lower())
    found = find_project(call, value.text) or next(by_name, None)
    if found is None:
        raise JqlError("jql_value", value=value.text, field=field)
    return found.id


def _key(call: Call, _field: str, value: Value) -> str:
    try:
        return find_issue(call, value.text)[0].id
    except JiraError:
        raise JqlError("jql_key", value=value.text) from None


def _account(call: Call, field: str, value: Value) -> str | None:
    if value.function and value.text == "currentuser":
        return call.account_id
    if value.text.lower() in EMPTY:
        return None
    person = call.here.person(value.text) or next((p for p in call.here.people.all() if p.name == value.text), None)
    if person is None or person.account_id not in call.site.members:
        raise JqlError("jql_value", value=value.text, field=field)
    return person.account_id


def _named(names: dict[str, str]) -> Callable[[Call, str, Value], str]:
    def read(_call: Call, field: str, value: Value) -> str:
        for key, name in names.items():
            if value.text == key or value.text.lower() == name.lower():
                return key
        raise JqlError("jql_value", value=value.text, field=field)

    return read


def _label(_call: Call, _field: str, value: Value) -> str | None:
    return None if value.text.lower() in EMPTY else value.text


READERS: dict[str, Callable[[Call, str, Value], str | None]] = {
    "project": _project,
    "key": _key,
    "parent": _key,
    "status": _named({each.id: each.name for each in STATUSES.values()}),
    "statuscategory": _named({each.category[1]: each.category[2] for each in STATUSES.values()}),
    "issuetype": _named({each.id: each.name for each in TYPES.values()}),
    "priority": _named(PRIORITIES),
    "assignee": _account,
    "reporter": _account,
    "creator": _account,
    "labels": _label,
}
STORED: dict[str, Callable[[Issue], set[Any]]] = {
    "project": lambda issue: {issue.project},
    "key": lambda issue: {issue.id},
    "parent": lambda issue: {issue.fields.get("parent")} - {None},
    "status": lambda issue: {issue.status},
    "statuscategory": lambda issue: {STATUSES[issue.status].category[1]},
    "issuetype": lambda issue: {issue.type},
    "priority": lambda issue: {issue.fields.get("priority", "3")},
    "assignee": lambda issue: {issue.fields.get("assignee")} - {None},
    "reporter": lambda issue: {issue.fields.get("reporter", issue.reporter)} - {None},
    "creator": lambda issue: {issue.reporter},
    "labels": lambda issue: set(issue.fields.get("labels") or []),
}
