"""Who fuzzes, and what there is to be fuzzed: an App with one of everything."""

from __future__ import annotations

from django.conf import settings
from django.test import Client

from tests.api import ALL
from tests.api_walk import examples
from tests.api_walk.operations import operations
from tests.api_walk.scene import Scene
from tests.factories import AppFactory
from xoplatform import api_keys, person_tokens
from xoplatform.models import Scope

ROLES = ("key", "reader", "person", "owner", "nobody")
#: Schemathesis makes up bad keys in place of ours, but leaves the cookies of a session as they are: no bad sign-in is
#: tried then, and what it takes for one is let in rightly.
EXCEPT = {"owner": ("--exclude-checks", "ignored_auth")}
#: More than any run asks.
NO_LIMIT = 1_000_000
CSRF = "c" * 32
#: Objects of each kind besides the first.
SPARE = 4
#: A node that nothing leads to keeps its task from being published: one is enough, and made last.
ALONE = frozenset({"nodes/{name}"})


class Stage:
    """The rows that requests meet; ``names`` holds what each part of an address may be."""

    def __init__(self) -> None:
        self.app = AppFactory(slug="fuzzed")
        self._scene = Scene(self.app)
        self.owner, self.person = self._scene.owner, self._scene.person
        self.names: dict[str, list[str]] = {"app": [self.app.slug]}
        places = {place for operation in operations() for place in operation.places}
        for place in sorted(places, key=lambda place: (place in ALONE, place)):
            name = place.rsplit("{", 1)[1].rstrip("}")
            self.names[name] = [*self.names.get(name, []), *self._several(place)]

    def _several(self, place: str) -> list[str]:
        """More than one, since requests delete some. The first is what others stand below."""
        first = self._scene.value(place)
        more = () if place in examples.SHARED | ALONE else range(SPARE)
        return [first, *(str(examples.MAKERS[place](self._scene)) for _ in more)]

    def headers(self, role: str) -> list[str]:
        """What a caller of this role sends."""
        if role == "nobody":
            return []
        if role == "owner":
            return self._session()
        key, value = api_keys.create(
            self.app, role, [Scope.READ] if role == "reader" else ALL, requests_per_minute=NO_LIMIT
        )
        token = person_tokens.mint(key, self.person)[0] if role == "person" else value
        return [f"Authorization: Bearer {token}"]

    def _session(self) -> list[str]:
        browser = Client()
        browser.force_login(self.owner, backend=settings.AUTHENTICATION_BACKENDS[0])
        session = browser.cookies[settings.SESSION_COOKIE_NAME].value
        return [f"Cookie: sessionid={session}; csrftoken={CSRF}", f"X-CSRFToken: {CSRF}"]
