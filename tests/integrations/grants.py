"""Walks through an authorization: our flow, the provider's pages, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from integrations.flows import authorize
from tests.factories import ActionFactory, staff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from integrations.models import Action, AuthorizationAttempt, Connection
    from tests.sandbox import Sandbox


def parameters(url: str) -> dict[str, str]:
    """The query of an address."""
    return dict(parse_qsl(urlsplit(url).query))


class Trip:
    """One authorization by one member in one browser."""

    def __init__(self, sandbox: Sandbox, action: Action | None = None) -> None:
        self.sandbox = sandbox
        self.action = action or ActionFactory()
        self.user = staff(self.action.app)
        self.session: dict[str, Any] = {}
        self.url = ""

    def begin(self) -> Trip:
        self.url = authorize.begin(self.action, session=self.session, user=self.user).url
        return self

    def consent(self, person: str = "ada", sites: Sequence[str] = ("acme",), *, accept: bool = True) -> dict[str, str]:
        """What the provider sends the browser back with."""
        return parameters(self.sandbox.consent(self.url, person=person, sites=sites, accept=accept))

    def finish(self, params: dict[str, str]) -> AuthorizationAttempt:
        return authorize.finish(params, session=self.session, user=self.user)


class Grants:
    """Makes connections that the provider really granted."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox

    def trip(self, action: Action | None = None) -> Trip:
        return Trip(self.sandbox, action).begin()

    def connect(self, action: Action | None = None, **consent: Any) -> Connection:
        trip = self.trip(action)
        connection = trip.finish(trip.consent(**consent)).connection
        assert connection is not None
        return connection
