"""End users with their links: our flow, the provider's pages, and back, in a browser of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.flows import authorize, holding, links
from integrations.models import Action, AuthorizationLink, Connection
from tests.factories import ActionFactory, EndUserFactory
from tests.integrations.grants import parameters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from integrations.models import AuthorizationAttempt
    from tests.sandbox import Sandbox
    from xoplatform.models import EndUser


def personal_action(**columns: Any) -> Action:
    """JIRA, enabled, with each person's own account."""
    found: Action = ActionFactory(enabled=True, authorization_type=Action.AuthorizationType.ALLOW_USERS, **columns)
    return found


class Visit:
    """One person with one link in one browser."""

    def __init__(
        self,
        sandbox: Sandbox,
        action: Action | None = None,
        end_user: EndUser | None = None,
        *,
        channel: str = "mail",
        vouched: bool = False,
        session: dict[str, Any] | None = None,
    ) -> None:
        self.sandbox = sandbox
        self.action = action or personal_action()
        self.end_user: EndUser = end_user or EndUserFactory(app=self.action.app, email="ada@example.com")
        self.session: dict[str, Any] = {} if session is None else session
        self.link, self.address = links.create(self.action, self.end_user, channel, vouched=vouched)
        self.url = ""

    def begin(self, session: dict[str, Any] | None = None) -> Visit:
        browser = self.session if session is None else session
        link = AuthorizationLink.objects.select_related("action__app", "action__profile", "end_user").get(
            pk=self.link.pk
        )
        self.url = authorize.begin(link.action, session=browser, link=link).url
        return self

    def consent(self, person: str = "ada", sites: Sequence[str] = ("acme",), *, accept: bool = True) -> dict[str, str]:
        return parameters(self.sandbox.consent(self.url, person=person, sites=sites, accept=accept))

    def come_back(self, params: dict[str, str]) -> AuthorizationAttempt:
        return authorize.finish(params, session=self.session)

    def consented(self, **consent: Any) -> AuthorizationAttempt:
        """To the provider and back; the grant waits for the person's yes."""
        return self.begin().come_back(self.consent(**consent))

    def connect(self, site_id: str = "", **consent: Any) -> Connection:
        """The whole way of a mailed link."""
        holding.confirm(self.consented(**consent), site_id)
        return Connection.objects.get(action=self.action, end_user=self.end_user)
