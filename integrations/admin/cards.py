"""The cards of the Actions page, and the menu that an action has there and on its own page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count
from django.urls import NoReverseMatch, reverse

from integrations.catalog import registry
from integrations.flows.deletion import lines_of
from integrations.models import Action, Connection
from integrations.signals import describe_action

from .display import action_badge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.safestring import SafeString

    from xoplatform.models import App


@dataclass(frozen=True)
class MenuItem:
    title: str
    address: str
    is_dangerous: bool = False


@dataclass(frozen=True)
class Card:
    """One provider as the Actions page shows it; ``badge`` and ``reason`` only where there is something to say."""

    provider: str
    title: str
    description: str
    symbol: str
    address: str
    facts: list[str]
    is_configured: bool
    badge: SafeString | None
    reason: str
    menu: list[MenuItem]

    def matches(self, query: str) -> bool:
        """Whether every word of the search stands somewhere on the card."""
        text = f"{self.title} {self.description} {' '.join(self.facts)}".casefold()
        return all(word in text for word in query.casefold().split())


def cards_of(app: App, actions: list[Action], *, may_edit: bool) -> list[Card]:
    """A card per action, in a number of queries that does not grow with them."""
    stored = [action.pk for action in actions if action.pk]
    own = {c.action_id: c for c in Connection.objects.filter(action__in=stored, end_user=None)}
    people = _people_of(app, actions)
    return [_card(app, action, own, people.get(action.pk, ""), may_edit=may_edit) for action in actions]


def _people_of(app: App, actions: list[Action]) -> dict[int, str]:
    """How many people have authorized, in words, for each action under Allow users."""
    ids = [action.pk for action in actions if action.pk and not action.pre_authorized]
    if not ids:
        return {}
    total = app.end_users.count()
    rows = Connection.objects.filter(action__in=ids, state=Connection.State.CONNECTED).exclude(end_user=None)
    found = dict(rows.order_by().values_list("action").annotate(Count("pk")))
    return {pk: f"{found.get(pk, 0)} of {total} people connected" for pk in ids}


def _card(app: App, action: Action, own: Mapping[int, Connection], people: str, *, may_edit: bool) -> Card:
    provider = registry.provider(action.provider)
    connection = own.get(action.pk)
    return Card(
        provider=action.provider,
        title=provider.manifest.title,
        description=provider.manifest.description,
        symbol=provider.manifest.symbol,
        address=page_of(action, "app_action"),
        facts=[*_facts(app, action, connection, templates=len(provider.templates)), *filter(None, [people])],
        is_configured=action.configured,
        badge=action_badge(action) if action.configured else None,
        reason=action.error_reason if action.status == Action.Status.ERROR else "",
        menu=menu_of(action) if may_edit else [],
    )


def _facts(app: App, action: Action, connection: Connection | None, *, templates: int) -> list[str]:
    told = lines_of(describe_action, app, action.provider)
    facts = told or [f"{templates} template{'' if templates == 1 else 's'}"]
    if connection and connection.usable and action.pre_authorized:
        who = connection.account_name or connection.account_email or connection.account_id or "an unnamed account"
        facts.append(f"Pre-authorized as {who}, site {connection.site_name}")
        if not action.configured:
            facts.append("Not enabled yet")
    return facts


def menu_of(action: Action) -> list[MenuItem]:
    """What may be done with an action where it stands; templates only where dialogs are installed."""
    items = [MenuItem("Configure", page_of(action, "app_action"))]
    if templates := templates_page(action):
        items.append(MenuItem("Explore templates", templates))
    if not action.configured:
        return items
    if action.status == Action.Status.DISABLED:
        items.append(MenuItem("Enable", page_of(action, "app_action_enable")))
    else:
        items.append(MenuItem("Disable", page_of(action, "app_action_disable")))
    return [*items, MenuItem("Delete", page_of(action, "app_action_delete"), is_dangerous=True)]


def page_of(action: Action, name: str) -> str:
    """The address of one of the action's pages."""
    return reverse(f"admin:{name}", args=[action.app.slug, action.provider])


def templates_page(action: Action) -> str:
    """The page that installs the provider's templates; empty where nothing offers one."""
    try:
        return page_of(action, "app_templates")
    except NoReverseMatch:
        return ""
