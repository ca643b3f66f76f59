"""What can be done with many connections at once, row by row through the flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.response import TemplateResponse

from integrations.flows import links
from integrations.flows.disconnect import disconnect
from xoplatform.admin_site import chosen_app, page_context
from xoplatform.core.errors import PlatformError
from xoplatform.models import App, Role

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from integrations.models import Connection

#: Rows of one request; more are done in further rounds.
AT_ONCE = 1000


def _mine(request: HttpRequest, rows: QuerySet[Connection]) -> list[Connection]:
    """The rows of Apps in which this person may edit, at most `AT_ONCE`."""
    apps = App.objects.with_role(request.user, Role.DEVELOPER)
    return list(rows.filter(action__app__in=apps)[:AT_ONCE])


def disconnect_chosen(request: HttpRequest, rows: QuerySet[Connection]) -> HttpResponse | None:
    """Asks first; with ``post`` in the form it erases the grants."""
    chosen = _mine(request, rows)
    if not chosen:
        messages.error(request, "Disconnecting needs the role Developer in the App. Nothing was disconnected.")
        return None
    if request.POST.get("post") != "yes":
        return TemplateResponse(request, "integrations/admin/confirm_chosen.html", _question(request, chosen))
    for connection in chosen:
        disconnect(connection, actor=request.user)
    messages.success(request, f"Disconnected {_count(len(chosen), 'connection')}. Their tokens are deleted here.")
    return None


def _question(request: HttpRequest, chosen: list[Connection]) -> dict[str, object]:
    own = sum(connection.end_user_id is None for connection in chosen)
    consequences = ["Their tokens are deleted here at once and cannot be brought back."]
    if own:
        consequences.append(f"{_count(own, 'action')} will stop for everybody: the grant is the App's own.")
    consequences.append("Providers keep listing the permissions until each account's owner ends them there too.")
    return page_context(
        request,
        chosen_app(request),
        "Disconnect",
        question=f"Disconnect {_count(len(chosen), 'connection')}?",
        consequences=consequences,
        chosen=[connection.pk for connection in chosen],
        checkbox=ACTION_CHECKBOX_NAME,
        action="disconnect_chosen",
        button="Disconnect",
    )


def send_links(request: HttpRequest, rows: QuerySet[Connection]) -> None:
    """A new link by mail to each person; those who cannot get one are counted with the reason."""
    sent, refused = 0, dict[str, int]()
    for connection in _mine(request, rows):
        try:
            if connection.end_user is None:
                reason = "the App's own is authorized on the page of the action"
                refused[reason] = refused.get(reason, 0) + 1
                continue
            links.send(connection.action, connection.end_user, user=request.user)
            sent += 1
        except PlatformError as error:
            refused[error.message] = refused.get(error.message, 0) + 1
    if sent:
        messages.success(request, f"{_count(sent, 'link')} will be sent by mail.")
    for reason, count in refused.items():
        messages.warning(request, f"No link for {_count(count, 'connection')}: {reason}")
    if not sent and not refused:
        messages.error(request, "Sending links needs the role Developer in the App. Nothing was sent.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
