"""Two Apps with one of everything, and everybody who may call."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from rest_framework.test import APIClient

from tests.api import client_of, client_with
from tests.factories import AppFactory, EndUserFactory, MemberFactory, StaffFactory
from xoplatform import api_keys, person_tokens
from xoplatform.models import App, EndUser, Role, Scope

from . import examples

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .operations import Operation

#: More than a walk asks.
NO_LIMIT = 1_000_000
STAFF = ("stranger", "viewer", "developer", "owner", "superuser")
KEYS = tuple(f"key:{scope.value}" for scope in Scope)
CALLERS = ("nobody", *STAFF, *KEYS, "key of another App", "expired key", "end user")


class Scene:
    """One App and what is in it, made when an address asks for it."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._made: dict[str, str] = {}
        self._numbers = count(1)

    @cached_property
    def person(self) -> EndUser:
        """The end user to whom everything belongs that can belong to one."""
        return EndUserFactory(app=self.app)

    @cached_property
    def owner(self) -> Any:
        """A staff user who owns the App."""
        return MemberFactory(app=self.app, role=Role.OWNER).user

    @property
    def number(self) -> int:
        """A new one each time, for names that must differ."""
        return next(self._numbers)

    def value(self, place: str) -> str:
        """What names the object at ``keys/{key}`` or the like: the same each time."""
        if place not in self._made:
            self._made[place] = str(examples.MAKERS[place](self))
        return self._made[place]

    def values(self, operation: Operation) -> dict[str, str]:
        """For each place in the operation's address."""
        return {place: self.value(place) for place in operation.places}


def address(operation: Operation, app: App, values: Mapping[str, str]) -> str:
    """The operation's address with these values for its places."""
    path = operation.path.replace("{app}", app.slug)
    for place, value in values.items():
        before, name = place.split("/")
        path = path.replace(place, f"{before}/{value}") if place in path else path.replace(name, value)
    return path


def caller(who: str, scene: Scene) -> APIClient:
    """A client of one of `CALLERS`."""
    if who == "nobody":
        return client_with("")
    if who in STAFF:
        return _session(_staff(who, scene))
    if who == "end user":
        key, _value = api_keys.create(scene.app, "minting", [Scope.CHAT])
        return client_with(person_tokens.mint(key, scene.person)[0])
    if who == "key of another App":
        return client_of(AppFactory(), tuple(Scope), requests_per_minute=NO_LIMIT)
    if who == "expired key":
        return client_of(scene.app, tuple(Scope), name=who, expires_at=timezone.now() - timedelta(seconds=1))
    return client_of(scene.app, [who.removeprefix("key:")], name=who, requests_per_minute=NO_LIMIT)


def _staff(who: str, scene: Scene) -> Any:
    if who == "superuser":
        return StaffFactory(is_superuser=True)
    if who == "owner":
        return scene.owner
    return MemberFactory(app=scene.app, role=who).user if who in Role.values else MemberFactory(role=Role.OWNER).user


def _session(user: Any) -> APIClient:
    client = APIClient()
    client.default_format = "json"
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def call(client: APIClient, operation: Operation, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
    """Status and problem of one call; what it changed is taken back."""
    content = {} if operation.method == "GET" else {"data": body or examples.BODIES.get(operation.name, {})}
    with transaction.atomic():
        answer: Any = getattr(client, operation.method.lower())(path, **content)
        transaction.set_rollback(True)
    for close in answer._resource_closers:  # a stream that is left open keeps its place
        close()
    told = {} if answer.streaming or not answer.headers.get("Content-Type", "").endswith("json") else answer.json()
    return answer.status_code, told
