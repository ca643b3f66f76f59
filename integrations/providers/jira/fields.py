"""Jira's metadata of fields as the node "Required fields" asks them.

Atlassian, Jira Cloud REST API, "Get create field metadata for a project and issue type id" and "Get transitions";
the forms in which values are sent: "Jira REST API examples", "Field input formats".
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Json = dict[str, Any]
VALUE: Final = "{{value}}"
#: Characters that a text field of one line holds.
LINE: Final = 255
#: Choices that are worth offering in a chat; a longer list is a case for Jira's own page.
MOST_CHOICES: Final = 500
ISSUE_KEY: Final = "[A-Za-z][A-Za-z0-9_]+-[0-9]+"
WHICH_ISSUE: Final = "Which issue? Its key, such as DEMO-1."
PERIOD: Final = r"\d+[wdhm](?: +\d+[wdhm])*"
#: Looked up with the words that were typed; Jira finds people by the beginning of a name or an e-mail address.
PEOPLE: Final[Json] = {
    "provider": "jira",
    "operation": "findUsers",
    "parameters": {"query": "{{context.inputData.input}}", "maxResults": 20},
    "items": "",
    "value": "accountId",
    "title": "displayName",
    "synonyms": ["emailAddress"],
}
PERSON: Final[Json] = {"type": "list", "lookup": PEOPLE, "ask": "Who? A name or an e-mail address, please."}
PARAGRAPH: Final[Json] = {
    "type": "doc",
    "version": 1,
    "content": [{"type": "paragraph", "content": [{"type": "text", "text": VALUE}]}],
}
#: Where the text is an Atlassian document in version 3 of the API.
DOCUMENTS: Final = frozenset({"description", "environment"})


def described(fields: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Json]:
    """Fields by id with their metadata, each as the node asks it; one that a chat cannot ask has no ``type``."""
    return [_described(name, about) for name, about in fields]


def _described(name: str, about: Mapping[str, Any]) -> Json:
    schema = about.get("schema") or {}
    kind, custom = str(schema.get("type") or ""), str(schema.get("custom") or "").rpartition(":")[2]
    common = {
        "name": name,
        "title": str(about.get("name") or name),
        "required": bool(about.get("required")),
        "has_default": bool(about.get("hasDefaultValue")),
    }
    if allowed := about.get("allowedValues"):
        return common | _choice(allowed, many=kind == "array")
    if kind == "array":
        return common | _list(str(schema.get("items") or ""), name)
    if name in DOCUMENTS or custom == "textarea":
        return common | {"type": "description", "shape": PARAGRAPH}
    ask = KINDS.get(kind)
    return common | (ask(custom) if ask else {})


def _choice(allowed: list[Any], *, many: bool) -> Json:
    """A list of what Jira allows. Whoever is sent back by id cannot be meant wrongly."""
    if len(allowed) > MOST_CHOICES:
        return {}
    pairs = [pair for each in allowed if isinstance(each, dict) for pair in _values(each)]
    met = Counter(title.casefold() for title, _ in pairs)
    choices = [
        {"title": f"{title} ({value['id']})" if met[title.casefold()] > 1 else title, "value": value}
        for title, value in pairs
        if title
    ]
    return {"type": "list", "choices": choices} | ({"many": True} if many else {})


def _values(allowed: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    """An allowed value with its title; of a cascading one also each child, under both names."""
    title = str(allowed.get("name") or allowed.get("value") or allowed.get("key") or "")
    value = {"id": str(allowed.get("id"))}
    yield title, value
    for child in allowed.get("children") or ():
        yield f"{title} / {child.get('value')}", {**value, "child": {"id": str(child.get("id"))}}


def _list(items: str, name: str) -> Json:
    if items == "user":
        return PERSON | {"shape": [{"accountId": VALUE}]}
    if items != "string":
        return {}
    # A label with a blank in it is refused.
    return {"type": "string", "many": True, "max_length": LINE} | ({"pattern": r"\S+"} if name == "labels" else {})


def _text(custom: str) -> Json:
    url = {"type": "url"} if custom == "url" else {"type": "string"}
    return url | {"max_length": LINE}


def _named(shape: str, ask: str, pattern: str | None = None) -> Callable[[str], Json]:
    form = {"pattern": pattern} if pattern else {}
    return lambda _custom: {"type": "string", "ask": ask, "shape": {shape: VALUE}, **form}


def _any(custom: str) -> Json:
    """Apps may store anything; of these only the epic of an issue is known to be a plain key."""
    known = {"type": "string", "ask": WHICH_ISSUE, "pattern": ISSUE_KEY, "letter_case": "upper"}
    return known if custom == "gh-epic-link" else {}


#: By the type in Jira's schema, given the last part of a custom field's kind. What is not here cannot be asked.
KINDS: Final[Mapping[str, Callable[[str], Json]]] = {
    "string": _text,
    "number": lambda _custom: {"type": "number"},
    "date": lambda _custom: {"type": "date"},
    "datetime": lambda _custom: {"type": "date_time"},
    "user": lambda _custom: PERSON | {"shape": {"accountId": VALUE}},
    "group": _named("name", "Which group? Its name, please."),
    "issuelink": _named("key", WHICH_ISSUE, ISSUE_KEY),
    "project": _named("key", "Which project? Its key, please.", "[A-Za-z][A-Za-z0-9_]+"),
    "timetracking": _named("originalEstimate", "How long, such as 2d 4h?", PERIOD),
    "any": _any,
}
