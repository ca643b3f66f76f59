"""App > Integrations > Actions: what stands in which region, and what a card says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from integrations.models import Action
from integrations.signals import describe_action
from tests.factories import ActionFactory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

    from integrations.models import Connection
    from xoplatform.models import App

ACTIONS = "/admin/apps/helpdesk/actions/"


def regions(client: Client, query: str = "") -> tuple[list[Any], list[Any]]:
    context = client.get(ACTIONS, {"q": query} if query else {}).context
    return context["configured"], context["available"]


@pytest.fixture
def silence() -> Iterator[None]:
    """Nobody else describes actions."""
    receivers, describe_action.receivers = describe_action.receivers, []
    describe_action.sender_receivers_cache.clear()
    yield
    describe_action.receivers = receivers
    describe_action.sender_receivers_cache.clear()


def test_a_new_app_has_every_provider_under_available(developer: Client) -> None:
    configured, available = regions(developer)
    assert not configured
    assert [card.provider for card in available] == ["jira"]
    assert "Nothing is connected yet. Choose an integration below." in developer.get(ACTIONS).content.decode()


def test_looking_at_the_page_stores_nothing(developer: Client) -> None:
    developer.get(ACTIONS)
    developer.get(f"{ACTIONS}jira/")
    assert not Action.objects.exists()


def test_an_enabled_action_stands_under_configured_with_its_state_and_account(
    developer: Client, connected: Connection
) -> None:
    (card,), available = regions(developer)
    assert not available
    assert "Enabled" in card.badge
    assert "Pre-authorized as Ada Example, site acme" in card.facts


def test_a_disabled_action_stays_under_configured(developer: Client, app: App) -> None:
    ActionFactory(app=app, enabled=True, status=Action.Status.DISABLED)
    (card,), _available = regions(developer)
    assert "Disabled" in card.badge


def test_an_authorized_action_that_was_never_enabled_says_so(developer: Client, connected: Connection) -> None:
    Action.objects.update(status=Action.Status.AVAILABLE, first_enabled_at=None)
    _configured, (card,) = regions(developer)
    assert "Not enabled yet" in card.facts
    assert card.badge is None


def test_an_action_in_error_tells_the_reason_and_offers_to_authorize_again(
    developer: Client, viewer: Client, app: App
) -> None:
    ActionFactory(app=app, enabled=True, status=Action.Status.ERROR, error_reason="Ada ended the access.")
    page = developer.get(ACTIONS).content.decode()
    assert "Ada ended the access." in page
    assert "Re-authorize" in page
    assert "Re-authorize" not in viewer.get(ACTIONS).content.decode()


@pytest.mark.usefixtures("silence")
def test_a_card_tells_the_number_of_templates(developer: Client) -> None:
    _configured, (card,) = regions(developer)
    assert card.facts == ["10 templates"]


@pytest.mark.usefixtures("silence")
def test_whoever_uses_the_action_may_say_more_and_a_failing_one_is_left_out(developer: Client) -> None:
    def tells(app: App, provider: str, **_: Any) -> list[str]:
        return [f"2 of 5 {provider} templates installed"]

    def fails(**_: Any) -> list[str]:
        raise RuntimeError

    describe_action.connect(tells)
    describe_action.connect(fails)
    _configured, (card,) = regions(developer)
    assert card.facts == ["2 of 5 jira templates installed"]


@pytest.mark.parametrize(("query", "found"), [("JIRA", 1), ("issues delete", 1), ("payroll", 0)])
def test_the_search_looks_at_everything_on_a_card(developer: Client, query: str, found: int) -> None:
    _configured, available = regions(developer, query)
    assert len(available) == found


def test_a_search_without_result_offers_all_again(developer: Client) -> None:
    page = developer.get(ACTIONS, {"q": "<payroll>"}).content.decode()
    assert "No available action matches “&lt;payroll&gt;”" in page


def test_a_viewer_gets_no_menu(developer: Client, viewer: Client, connected: Connection) -> None:
    assert "Menu of JIRA" in developer.get(ACTIONS).content.decode()
    assert "Menu of JIRA" not in viewer.get(ACTIONS).content.decode()


def test_the_menu_fits_the_state(developer: Client, connected: Connection) -> None:
    def titles() -> list[str]:
        (card,), _ = regions(developer)
        return [item.title for item in card.menu]

    assert titles() == ["Configure", "Explore templates", "Disable", "Delete"]
    Action.objects.update(status=Action.Status.DISABLED)
    assert titles() == ["Configure", "Explore templates", "Enable", "Delete"]


@pytest.mark.usefixtures("silence")
def test_the_number_of_queries_does_not_grow(
    developer: Client, connected: Connection, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    developer.get(ACTIONS)
    with django_assert_max_num_queries(10):
        developer.get(ACTIONS)
