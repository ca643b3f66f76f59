"""What the buttons on a connection's page do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from integrations.flows import audit, links, sites
from integrations.flows.disconnect import disconnect
from integrations.flows.refresh import access_token
from xoplatform.admin_site import page_context
from xoplatform.app_choice import choose, role_in
from xoplatform.core.errors import PlatformError
from xoplatform.models import Role

from .base import title_of, vendor_of

if TYPE_CHECKING:
    from integrations.models import Connection

Step = Callable[[HttpRequest, "Connection"], HttpResponseBase]


def for_editors(model_admin: Any, step: Step) -> Callable[[HttpRequest, int], HttpResponseBase]:
    """The step for somebody who may change this connection: strangers get 404, viewers 403."""

    @wraps(step)
    def view(request: HttpRequest, pk: int) -> HttpResponseBase:
        connection = model_admin.get_queryset(request).filter(pk=pk).first()
        if connection is None:
            raise Http404("No such connection.")
        role = role_in(request, connection.action.app)
        if role is None or not role.covers(Role.DEVELOPER):
            raise PermissionDenied("This needs the role Developer. Ask an owner of the App.")
        choose(request, connection.action.app)
        return step(request, connection)

    return view


def _posted(step: Callable[[HttpRequest, Connection], str]) -> Step:
    """A step that takes a POST, tells in words how it went, and leads back to the page."""

    @wraps(step)
    def view(request: HttpRequest, connection: Connection) -> HttpResponseBase:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            messages.success(request, step(request, connection))
        except PlatformError as error:
            messages.error(request, error.message)
        return HttpResponseRedirect(_page(connection))

    return view


def _page(connection: Connection) -> str:
    return reverse("admin:integrations_connection_change", args=[connection.pk])


@_posted
def refresh(request: HttpRequest, connection: Connection) -> str:
    access_token(connection.pk, newer_than=connection.generation)
    audit.note_about(connection, audit.Verb.REFRESHED, actor=request.user)
    with suppress(PlatformError):  # the token is new, whether or not its sites could be asked for
        sites.look(connection.pk, always=True)
    return "Refreshed: the connection holds a new access token."


def site(request: HttpRequest, connection: Connection) -> HttpResponseBase:
    """Asks on GET which of the grant's sites, pins it on POST."""
    if request.method == "POST":
        return _choose(request, connection)
    context = page_context(
        request,
        connection.action.app,
        "Change site",
        connection=connection,
        provider_title=title_of(connection.action.provider),
        new={one["id"] for one in connection.new_sites},
        back=_page(connection),
    )
    return TemplateResponse(request, "integrations/admin/change_site.html", context)


@_posted
def _choose(request: HttpRequest, connection: Connection) -> str:
    chosen = sites.choose_site(connection, request.POST.get("site", ""), actor=request.user)
    return f"{connection} works in {chosen.site_name} from now on."


@_posted
def keep(_request: HttpRequest, connection: Connection) -> str:
    sites.settle(connection)
    return f"The site stays {connection.site_name}. Others can be chosen at any time with Change site."


@_posted
def link(request: HttpRequest, connection: Connection) -> str:
    if connection.end_user is None:
        return "This is the App's own connection. Authorize it again on the page of the action."
    links.send(connection.action, connection.end_user, user=request.user)
    return f"A new link is on its way to {connection.end_user}. Until it is used, everything stays as it is."


def end(request: HttpRequest, connection: Connection) -> HttpResponseBase:
    """Asks on GET, erases the grant on POST."""
    if request.method == "POST":
        name, vendor = str(connection), vendor_of(connection.action.provider)
        disconnect(connection, actor=request.user)
        messages.success(request, f"Disconnected {name}. Its tokens are deleted here. {_at_the_provider(vendor)}")
        return HttpResponseRedirect(reverse("admin:integrations_connection_changelist"))
    return TemplateResponse(request, "integrations/admin/confirm.html", _question(request, connection))


def _at_the_provider(vendor: str) -> str:
    return f"{vendor} keeps listing the permission until the account's owner ends it there too."


def _question(request: HttpRequest, connection: Connection) -> dict[str, Any]:
    provider, vendor = title_of(connection.action.provider), vendor_of(connection.action.provider)
    whom = "everybody who uses this App" if connection.end_user is None else str(connection.end_user)
    return page_context(
        request,
        connection.action.app,
        "Disconnect",
        question=f"Disconnect {connection} from {provider}?",
        consequences=[
            "Its tokens are deleted here at once and cannot be brought back.",
            f"Dialogs can no longer act in {provider} for {whom} until somebody authorizes again.",
            _at_the_provider(vendor),
        ],
        button="Disconnect",
        is_dangerous=True,
        back=_page(connection),
    )


#: By the last part of their address.
STEPS: dict[str, Step] = {
    "refresh": refresh,
    "site": site,
    "keep": keep,
    "link": link,
    "disconnect": end,
}
