"""The admin's side bar: where things are, for the App a person is in.

Entries name their page by URL name, resolved when the bar is drawn: what is not installed is not
offered. Nothing here imports the apps whose pages it leads to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from . import mailbox
from .admin_site import role_for
from .app_choice import Choice, choice_of
from .scoped_admin import APP_PARAMETER

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from .models import App


@dataclass(frozen=True)
class Entry:
    """One line of the side bar. ``page`` is an App page's URL name, or ``app_label.model`` for its list."""

    title: str
    icon: str
    page: str
    #: Whether this installation has the page at all.
    exists: Callable[[], bool] = lambda: True
    #: A page of all Apps that is none of the admin's, by its URL name.
    beside_admin: bool = False


@dataclass(frozen=True)
class Group:
    title: str
    entries: tuple[Entry, ...] = field(default=())


OF_APP = (
    Group("", (Entry("Overview", "space_dashboard", "app_overview"),)),
    Group(
        "Integrations",
        (
            Entry("Actions", "extension", "app_actions"),
            Entry("Authorization profiles", "key", "integrations.authorizationprofile"),
            Entry("Connections", "link", "integrations.connection"),
            Entry("Token vault", "lock_clock", "app_vault"),
            Entry("Links sent", "forward_to_inbox", "integrations.authorizationlink"),
            Entry("Calls", "swap_horiz", "integrations.operationcall"),
            Entry("Audit", "history_edu", "integrations.auditentry"),
        ),
    ),
    Group(
        "Dialogs",
        (
            Entry("Dialog tasks", "account_tree", "app_dialogs"),
            Entry("Versions", "history", "app_versions"),
            Entry("Tests", "checklist", "app_tests"),
            Entry("Export and import", "import_export", "app_transfer"),
            Entry("Talk to Bot", "forum", "app_talk"),
            Entry("Webhooks and agent desk", "webhook", "app_outside"),
            Entry("Settings", "tune", "app_conversation_settings"),
        ),
    ),
    Group(
        "Conversations",
        (
            Entry("Conversations", "chat", "dialogs.conversation"),
            Entry("Traces", "timeline", "app_traces"),
        ),
    ),
    Group(
        "People",
        (
            Entry("End users", "person", "xoplatform.enduser"),
            Entry("Members", "badge", "xoplatform.member"),
        ),
    ),
    Group(
        "API",
        (
            Entry("Keys", "vpn_key", "app_api_keys"),
            Entry("Webhooks", "outbox", "app_webhooks"),
            Entry("Embed", "code", "app_embed"),
            Entry("Documentation", "menu_book", "api-docs", beside_admin=True),
        ),
    ),
)
OF_SYSTEM = Group(
    "System",
    (
        Entry("Token vault", "lock_clock", "system_vault"),
        Entry("Jobs", "work_history", "django_celery_results.taskresult"),
        Entry("Schedule", "schedule", "django_celery_beat.periodictask"),
        Entry("Staff accounts", "manage_accounts", "auth.user"),
        Entry("Mailbox", "mail", "system_mailbox", exists=mailbox.in_use),
        Entry("Health", "monitor_heart", "system_health"),
    ),
)


#: Pages below the list of dialog tasks that have entries of their own.
BESIDE_TASKS = ("versions", "tests", "transfer", "import", "outside", "settings")


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Unfold's navigation for this person: Home, Apps, the chosen App's parts, and System for superusers."""
    choice = choice_of(request)
    groups = [{"title": "", "items": _top(request)}]
    if choice.chosen is not None:
        groups += [_drawn(request, group, choice, choice.chosen) for group in OF_APP]
    if getattr(request.user, "is_superuser", False):
        groups.append(_drawn(request, OF_SYSTEM, choice, None))
    return [group for group in groups if group["items"]]


def _top(request: HttpRequest) -> list[dict[str, Any]]:
    apps = reverse("admin:xoplatform_app_changelist")
    return [
        _item("Home", "home", reverse("admin:index"), request.path == reverse("admin:index")),
        _item("Apps", "apps", apps, request.path.startswith(apps)),
    ]


def _drawn(request: HttpRequest, group: Group, choice: Choice, app: App | None) -> dict[str, Any]:
    items = []
    for entry in group.entries:
        address = _address_of(entry, choice, app) if entry.exists() else None
        if address:
            items.append(_item(entry.title, entry.icon, address, _is_open(request, entry, address)))
    return {"title": group.title, "items": items, "separator": group is OF_SYSTEM}


def _item(title: str, icon: str, link: str, is_open: bool) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": link, "active": is_open}


def _address_of(entry: Entry, choice: Choice, app: App | None) -> str | None:
    return reverse(entry.page) if entry.beside_admin else _address(entry.page, choice, app)


def _address(page: str, choice: Choice, app: App | None) -> str | None:
    is_list = "." in page
    try:
        if is_list:
            address = reverse(f"admin:{page.replace('.', '_')}_changelist")
        else:
            address = reverse(f"admin:{page}", args=[app.slug] if app else [])
    except NoReverseMatch:
        return None
    if app is None:
        return address
    needed = _model_admin(page).view_role if is_list else role_for(page)
    if choice.role is None or not choice.role.covers(needed):
        return None
    return f"{address}?{APP_PARAMETER}={app.pk}" if is_list else address


def _model_admin(page: str) -> Any:
    wanted = page.split(".")
    return next(one for model, one in admin.site._registry.items() if model._meta.label_lower.split(".") == wanted)


def _is_open(request: HttpRequest, entry: Entry, address: str) -> bool:
    path = address.partition("?")[0]
    if entry.page == "app_overview":
        return request.path == path
    return request.path.startswith(path) and not (
        entry.page == "app_dialogs" and request.path.startswith(tuple(f"{path}{one}/" for one in BESIDE_TASKS))
    )
