"""What the page of one connection shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from integrations.flows.scopes import Need, lacking
from integrations.models import AuditEntry, Connection, TokenRefresh
from xoplatform.app_choice import role_in
from xoplatform.models import Role

from .base import title_of, vendor_of
from .display import connection_badge, moment, refresh_badge

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

#: Entries of the audit that the timeline shows; the rest is on the audit's own page.
SHOWN = 30
#: Refreshes that the history shows; the rest is in their own list.
REFRESHES = 20


@dataclass(frozen=True)
class Event:
    """One line of the timeline."""

    title: str
    detail: str
    when: SafeString | str


@dataclass(frozen=True)
class Renewal:
    """One line of the history of refreshes."""

    when: SafeString | str
    outcome: SafeString
    asked_by: str
    reason: str
    took: str


def page_of_connection(request: HttpRequest, connection: Connection) -> dict[str, Any]:
    """The context of the connection's page."""
    app, provider = connection.action.app, connection.action.provider
    role = role_in(request, app)
    needs = lacking(connection)
    missing = list(dict.fromkeys(scope for need in needs for scope in need.missing))
    return {
        "title": str(connection),
        "connection": connection,
        "provider_title": title_of(provider),
        "vendor": vendor_of(provider),
        "badge": connection_badge(connection),
        "owner": str(connection.end_user) if connection.end_user else "The App's own",
        "may_edit": role is not None and role.covers(Role.DEVELOPER),
        "may_send": _may_send(connection),
        "is_basic": connection.kind == Connection.Kind.BASIC,
        "configurations": reverse("admin:app_action", args=[app.slug, provider]),
        "audit": f"{reverse('admin:integrations_auditentry_changelist')}?connection_id={connection.pk}",
        "times": _times(connection),
        "missing_scopes": missing,
        "needs": [_words(need) for need in needs],
        "scopes_address": reverse("admin:app_action_scopes", args=[app.slug, provider]),
        "timeline": _timeline(connection),
        "renewals": _renewals(connection),
        "all_renewals": f"{reverse('admin:integrations_tokenrefresh_changelist')}?connection_id={connection.pk}",
    }


def needs_of(connection: Connection) -> list[str]:
    """Lines such as "Create an Issue needs write:jira-work", one per dialog task that lacks something."""
    return [_words(need) for need in lacking(connection)]


def _may_send(connection: Connection) -> bool:
    person = connection.end_user
    return person is not None and bool(person.email) and not connection.action.pre_authorized


def _words(need: Need) -> str:
    return f"{need.title} needs {', '.join(need.missing)}"


def _times(connection: Connection) -> list[tuple[str, SafeString | str]]:
    basic = connection.kind == Connection.Kind.BASIC
    tokens = [] if basic else [("Access token ends", moment(connection.expires_at, never="unknown"))]
    end = "API token ends by" if basic else "Grant ends, if unused, by"
    return [
        *tokens,
        (end, day_of(connection.refresh_expires_at)),
        ("Authorized", moment(connection.authorized_at)),
        ("Last used", moment(connection.last_used_at)),
        ("Last refreshed", moment(connection.last_refreshed_at)),
    ]


def day_of(value: datetime | None) -> SafeString | str:
    """The day with its distance from now: a person puts it into a calendar."""
    if value is None:
        return "unknown"
    return format_html("{} · {}", format_date(timezone.localtime(value), "j F Y"), moment(value))


def _timeline(connection: Connection) -> list[Event]:
    """What the audit knows, newest first, with the renewals that nobody pressed a button for as one line."""
    entries = list(AuditEntry.objects.filter(connection_id=connection.pk).select_related("end_user")[:SHOWN])
    timed = [(entry.at, Event(entry.get_verb_display(), _detail(entry), moment(entry.at))) for entry in entries]
    if connection.last_refreshed_at is not None:
        count = max(connection.generation - _consents(entries), 1)
        times = f"{count} time{'s' if count > 1 else ''} in all"
        at = connection.last_refreshed_at
        timed.append((at, Event("Refreshed", times, moment(at))))
    return [event for _at, event in sorted(timed, key=lambda pair: pair[0], reverse=True)]


def _renewals(connection: Connection) -> list[Renewal]:
    rows = TokenRefresh.objects.filter(connection=connection).order_by("-id")[:REFRESHES]
    return [
        Renewal(
            moment(row.started_at),
            refresh_badge(row),
            "by the clock" if row.ahead else "for a caller",
            row.reason,
            "" if row.asked_ms is None else f"{row.asked_ms:,} ms",
        )
        for row in rows
    ]


def _consents(entries: Sequence[AuditEntry]) -> int:
    return sum(entry.verb == AuditEntry.Verb.CONNECTED for entry in entries) or 1


def _detail(entry: AuditEntry) -> str:
    return " · ".join(part for part in (entry.object, str(entry.details.get("reason", "")), entry.who) if part)
