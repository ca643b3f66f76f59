"""System > Mailbox: the mails of an installation that has no mail server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from xoplatform import mailbox
from xoplatform.admin_site import page_context, system_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

#: Mails that the list shows; older ones are found by searching.
SHOWN = 100
ANCHOR = re.compile(r"<a(?=\s)", re.IGNORECASE)


@system_page("mailbox/", name="system_mailbox")
@never_cache
def mails(request: HttpRequest) -> HttpResponseBase:
    """The newest mails, or those to an address."""
    _require_mailbox()
    query = request.GET.get("q", "").strip()
    context = page_context(request, None, "Mailbox", query=query, shown=SHOWN)
    context |= {"mails": mailbox.search(query, SHOWN), "total": len(mailbox.names())}
    return TemplateResponse(request, "xoplatform/mailbox.html", context)


@system_page("mailbox/empty/", name="system_mailbox_empty")
@require_POST
def empty(request: HttpRequest) -> HttpResponseBase:
    """Deletes all of them."""
    _require_mailbox()
    count = mailbox.empty()
    messages.success(request, f"{count} mail{'' if count == 1 else 's'} deleted. The links in them still work.")
    return HttpResponseRedirect(reverse("admin:system_mailbox"))


@system_page("mailbox/<str:name>/", name="system_mail")
@never_cache
def mail(request: HttpRequest, name: str) -> HttpResponseBase:
    """One mail. Its HTML runs in a frame that may open links in a new tab and nothing else."""
    _require_mailbox()
    found = mailbox.read(name)
    if found is None:
        raise Http404("There is no such mail. It may have been deleted.")
    context = page_context(request, None, found.subject or "Mail", mail=found)
    context["crumbs"] = [{"title": "Mailbox", "link": reverse("admin:system_mailbox")}]
    context["framed"] = ANCHOR.sub('<a target="_blank"', found.html)
    response = TemplateResponse(request, "xoplatform/mail.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _require_mailbox() -> None:
    if not mailbox.in_use():
        raise Http404("Mail is sent by a mail server here, so there is no mailbox.")
