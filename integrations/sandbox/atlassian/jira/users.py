"""People as Jira knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, jsonify

from . import rendering
from .errors import refused
from .lists import page

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.records import Person

    from .call import Call

MOST = 1000


def get_current_user(call: Call) -> Response:
    return jsonify(rendering.user(call, call.account_id))


def find_users(call: Call) -> Response:
    """A bare list of the members whose name or visible e-mail address begins with the words."""
    if not any(call.parameters.get(name) for name in ("query", "accountId", "property")):
        raise refused(400, "no_query")
    if call.actor is None:
        return jsonify([])
    members = [each for each in call.here.people.all() if each.account_id in call.site.members and _wanted(call, each)]
    part, _ = page(members, call.parameters, MOST)
    return jsonify([rendering.user(call, each.account_id) for each in part])


def _wanted(call: Call, person: Person) -> bool:
    if account := call.parameters.get("accountId"):
        return bool(person.account_id == account)
    words = str(call.parameters.get("query") or "").lower()
    names = [person.name, *person.name.split(), *([] if person.email_hidden else [person.email])]
    return any(each.lower().startswith(words) for each in names)
