"""What is shown instead of a link's page: links that cannot be used, and how to get another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from integrations.flows import identity, invitation
from integrations.link_errors import LinkClosed
from xoplatform.languages import told_later

from .pages import page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from integrations.models import AuthorizationLink
    from xoplatform.core.errors import PlatformError

HEADINGS = {
    "link_unknown": _("We do not know this link"),
    "link_used": _("This link has been used"),
    "link_expired": _("This link has expired"),
    "link_revoked": _("This link was withdrawn"),
    "not_asked": _("There is nothing to connect now"),
    "other_browser": _("Started somewhere else"),
}


def closed(
    request: HttpRequest, error: PlatformError, link: AuthorizationLink | None = None, token: str = ""
) -> HttpResponse:
    """Says why, and offers a new link where we know where to send it."""
    held = link or (error.link if isinstance(error, LinkClosed) else None)
    again = token and held is not None and isinstance(error, LinkClosed) and invitation.may_ask_again(held)
    return page(
        request,
        "closed",
        held,
        status=error.status,
        heading=HEADINGS.get(error.code, _("Nothing was connected")),
        message=told_later(error),
        token=token if again else "",
        address=identity.hint(held.end_user.email) if again and held else "",
    )
