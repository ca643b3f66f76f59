"""Why an authorization request may not go on. None of these ever reaches the app's callback."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from integrations.sandbox.atlassian.state.records import Client, Person, Site
    from integrations.sandbox.atlassian.state.world import World


class ConsentProblem(Exception):
    """The authorization cannot go on; the page says why and nothing is sent to the app."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status


def check_request(here: World, person: Person, asked: dict[str, str]) -> Client:
    """The app that asks. Raises ConsentProblem for a request that Atlassian would not show a consent page for."""
    client = here.clients.get(asked.get("client_id"))
    if client is None:
        raise ConsentProblem("invalid_client", "We could not retrieve the client that asks for access.")
    callback = asked.get("redirect_uri", "")
    if callback != client.callback_url:
        words = f"Callback URL mismatch. {callback} is not in the list of allowed callback URLs"
        raise ConsentProblem("unauthorized_client", words)
    if asked.get("response_type") != "code":
        raise ConsentProblem("unsupported_response_type", "The response type must be code.")
    if asked.get("audience") != "api.atlassian.com":
        raise ConsentProblem("invalid_request", "The audience must be api.atlassian.com.")
    if not client.shared and person.account_id != client.owner:
        raise ConsentProblem("access_denied", "This app is not shared: only its owner may authorize it.", 403)
    return client


def check_sites(person: Person, sites: Iterable[Site]) -> None:
    """Raises ConsentProblem where an administrator's rule or a missing product keeps the app out of a site."""
    for site in sites:
        if site.block_user_apps and person.account_id not in site.admins:
            words = (
                f"Your site admin must authorize this app for the site {site.name}.atlassian.net "
                "before the app can access your account."
            )
            raise ConsentProblem("access_denied", words, 403)
        if person.account_id in site.without_jira:
            raise ConsentProblem("access_denied", "Access denied. This app requires access to a Jira site.", 403)
