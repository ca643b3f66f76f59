"""Every operation of the API as everybody who may call: let in or turned away as its view declares, and no further."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from rest_framework.permissions import SAFE_METHODS

from tests.api import client_of
from tests.factories import AppFactory
from xoplatform.models import App, Role, Scope
from xoplatform.rest import limits

from .examples import LOOKED_AT_FIRST, MAKERS, SHARED, STRICTER
from .operations import Operation, operations
from .scene import CALLERS, KEYS, NO_LIMIT, Scene, address, call, caller

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A caller who may do this is answered anything but these, whatever the body is worth.
TURNED_AWAY = {401, 403, 404}
SERVER_AT_FAULT = range(500, 503)


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PERSON_LIMIT", NO_LIMIT)
    monkeypatch.setattr(limits, "STAFF_LIMIT", NO_LIMIT)


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene(AppFactory(slug="own"))


def of_apps() -> list[Operation]:
    return [one for one in operations() if one.is_of_an_app]


def test_every_object_that_an_address_names_has_an_example() -> None:
    """Otherwise add one to tests/api_walk/examples.py."""
    assert {place for one in operations() for place in one.places} - set(MAKERS) == set()


def expected(who: str, operation: Operation) -> int | None:
    """The status of one who is turned away; None for one who may go on."""
    if who in {"nobody", "expired key"}:
        return 401
    if operation.access is None:
        return None
    if who in {"stranger", "key of another App"}:
        return 404
    return None if _may(who, operation) and who not in STRICTER.get(operation.name, ()) else 403


def _may(who: str, operation: Operation) -> bool:
    """By the words of `Access`, written again so that a mistake there is seen."""
    access, to_write = operation.access, operation.method not in SAFE_METHODS
    assert access is not None
    if who == "end user":
        return access.people
    if who in KEYS:
        enough = {access.scope, *(access.also_write if to_write else access.also_read)}
        enough |= set() if to_write else {Scope.READ}
        kept_from = access.keys.value == "none" or (access.keys.value == "read" and to_write)
        return Scope(who.removeprefix("key:")) in enough and not kept_from
    needed = access.write if to_write else access.read
    order = ["viewer", "developer", "owner"]
    held = "owner" if who == "superuser" else who
    return needed is not None and order.index(held) >= order.index(needed.value)


@pytest.mark.parametrize("who", CALLERS)
def test_each_caller_is_let_in_or_turned_away_as_declared(who: str, scene: Scene) -> None:
    client, wrong = caller(who, scene), []
    for operation in operations():
        status, told = call(client, operation, address(operation, scene.app, scene.values(operation)))
        wanted = expected(who, operation)
        fits = status not in TURNED_AWAY and status not in SERVER_AT_FAULT if wanted is None else status == wanted
        if not fits:
            wrong.append(f"{operation.name}: {status} in place of {wanted or 'being let in'}: {told.get('detail')}")
    assert not wrong, "\n".join(wrong)


def test_what_is_of_another_app_is_as_unknown_as_what_is_not_at_all(scene: Scene) -> None:
    other = Scene(AppFactory(slug="other"))
    clients = _all_who_may_do_everything(scene)
    wrong = []
    for operation, path, unknown in _strange_addresses(scene, other):
        by_key = operation.access is not None and operation.access.keys.value == "all"
        client = clients["key" if by_key else "owner"]
        body = LOOKED_AT_FIRST.get(operation.name)
        theirs, nothing = call(client, operation, path, body), call(client, operation, unknown, body)
        if theirs[0] != 404 or _without_id(theirs) != _without_id(nothing):
            wrong.append(f"{operation.name} {path}: {theirs}, but {unknown}: {nothing}")
    assert not wrong, "\n".join(wrong)


def _all_who_may_do_everything(scene: Scene) -> dict[str, Any]:
    key = client_of(scene.app, tuple(Scope), name="everything", requests_per_minute=NO_LIMIT)
    return {"key": key, "owner": caller(Role.OWNER, scene)}


def _strange_addresses(scene: Scene, other: Scene) -> Iterator[tuple[Operation, str, str]]:
    """Each operation with one place of its address taken from the other App, and with the same place made up."""
    for operation in of_apps():
        values = scene.values(operation)
        for place in operation.places:
            made_up = _made_up(values[place])
            theirs = made_up if place in SHARED else other.value(place)
            yield (
                operation,
                address(operation, scene.app, {**values, place: theirs}),
                address(operation, scene.app, {**values, place: made_up}),
            )


def _made_up(like: str) -> str:
    """A name of the same form that nothing has."""
    if like.isdigit():
        return "987654321987"
    try:
        return str(uuid4()) if UUID(like) else ""
    except ValueError:
        return "no-such-thing"


def _without_id(answer: tuple[int, dict[str, Any]]) -> tuple[int, dict[str, Any]]:
    return answer[0], {name: value for name, value in answer[1].items() if name != "request_id"}


def test_an_app_that_is_not_there_is_as_unknown_as_one_of_others(scene: Scene) -> None:
    client = caller("stranger", scene)
    nowhere = App(slug="nowhere")
    for operation in of_apps():
        values = scene.values(operation)
        theirs = call(client, operation, address(operation, scene.app, values))
        assert _without_id(theirs) == _without_id(call(client, operation, address(operation, nowhere, values)))
