"""The page of a form, for the one person who got its link. Looking at it changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from dialogs.errors import DialogError
from dialogs.flows import forms
from xoplatform import languages
from xoplatform.private import private

from .limits import limited
from .widgets import widget_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from dialogs.flows.forms import OpenForm

HEADINGS: Final = {
    "unknown_address": _("We do not know this form"),
    "wait_over": _("This form is closed"),
    "too_many_requests": _("One moment, please"),
    "delivery_too_big": _("That is too much at once"),
}
#: What a closed form's page says, by what closed it.
CLOSED: Final = {
    "arrived": (_("This form has been sent"), _("What was filled in has reached the chat. It can be sent only once.")),
    "canceled": (_("This form was canceled"), _("Nothing was sent, and nothing that was filled in was kept.")),
    "expired": (_("This form has run out"), _("Its time was over before it was sent, so nothing was sent.")),
    "left": (_("This form is no longer needed"), _("The chat went on without it, so nothing was sent.")),
    "gone": (_("This form is no longer there"), _("Its dialog was removed, so nothing was sent.")),
}


def in_words(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Shows our own errors as a page."""

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except DialogError as error:
            known = HEADINGS.get(error.code, _("This form cannot be used")), languages.told_later(error)
            heading, message = CLOSED.get(error.details.get("ended_by", ""), known)
            context = {"heading": heading, "message": message}
            language = forms.language_at(kwargs["token"]) or languages.of_browser(request)
            template = "dialogs/form/closed.html"
            return languages.page(request, template, context, language=language, status=error.status)

    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@private
@in_words
@limited
def form(request: HttpRequest, token: str) -> HttpResponse:
    """The form, and taking what was filled in."""
    found = forms.open_form(token)
    if request.method != "POST":
        return _page(request, found, token, found.shown())
    given = {field.name: request.POST.get(field.name, "") for field in found.fields}
    if errors := forms.submit(found, given):
        return _page(request, found, token, given, errors)
    return _done(request, found, "sent")


@require_POST
@private
@in_words
@limited
def cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Closes the form for good; the conversation is told."""
    found = forms.open_form(token)
    forms.cancel(found)
    return _done(request, found, "canceled")


def _page(
    request: HttpRequest, found: OpenForm, token: str, typed: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> HttpResponse:
    errors = errors or {}
    rows = [
        {
            "field": field,
            "label": field.label(found.view.person),
            "help": field.hint(found.view.person),
            "widget": widget_of(field),
            "value": typed.get(field.name, ""),
            "error": errors.get(field.name, ""),
        }
        for field in found.fields
    ]
    context = {**_about(found), "token": token, "rows": rows, "errors": [row for row in rows if row["error"]]}
    status = 422 if errors else 200
    return languages.page(request, "dialogs/form/form.html", context, language=found.language, status=status)


def _done(request: HttpRequest, found: OpenForm, outcome: str) -> HttpResponse:
    return languages.page(request, f"dialogs/form/{outcome}.html", _about(found), language=found.language)


def _about(found: OpenForm) -> dict[str, Any]:
    return {
        "app": found.wait.conversation.app,
        "form": found.node,
        "intro": found.node.introduction(found.view),
        "button": found.button(),
        "expires_at": found.wait.expires_at,
    }
