"""The page to which providers send the browser back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from integrations.catalog import registry
from integrations.flows import authorize
from integrations.models import Action, AuthorizationAttempt
from integrations.oauth.state import browser_of, digest
from xoplatform import languages
from xoplatform.core.errors import PlatformError
from xoplatform.private import private

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

#: Headings of the page that says why nothing was authorized.
HEADINGS = {
    "consent_denied": _("Access was not allowed"),
    "state_unknown": _("We do not know this sign-in"),
    "state_expired": _("This sign-in took too long"),
    "state_used": _("This sign-in is already finished"),
    "other_browser": _("Started somewhere else"),
    "client_refused": _("Our registration was refused"),
    "client_missing": _("Our registration is missing"),
    "no_site": _("No site was chosen"),
    "provider_unavailable": _("No answer"),
}


@require_GET
@private
def oauth_callback(request: HttpRequest) -> HttpResponse:
    """Finishes an authorization and goes back to the action, or to the page of the link that it was begun with.

    A failure is explained there, or on a page of its own for a browser that did not begin it.
    """
    user = request.user if request.user.is_authenticated else None
    try:
        attempt = authorize.finish(request.GET.dict(), session=request.session, user=user)
    except PlatformError as error:
        visit = _visit_of(request)
        return redirect("authorize_return", visit.pk) if visit else _failure(request, error)
    return redirect("authorize_return", attempt.pk) if attempt.link_id else redirect(_action_page(attempt.action))


def _visit_of(request: HttpRequest) -> AuthorizationAttempt | None:
    """The attempt with a link that this very browser comes back from; a second visit finds how the first ended."""
    visits = AuthorizationAttempt.objects.filter(link__isnull=False, session_hash=browser_of(request.session))
    return visits.filter(state_hash=digest(request.GET.get("state", ""))).first()


def _failure(request: HttpRequest, error: PlatformError) -> HttpResponse:
    action = _action_of(request)
    context = {
        "heading": HEADINGS.get(error.code, _("Nothing was authorized")),
        "message": languages.told_later(error),
        "action_title": registry.provider(action.provider).manifest.title if action else "",
        "app": action.app if action else None,
        "back": _action_page(action) if action else reverse("admin:index"),
    }
    is_staff = request.user.is_authenticated
    language = languages.ENGLISH if is_staff else languages.of_browser(request)
    template = "integrations/authorization_failed.html"
    return languages.page(request, template, context, language=language, status=error.status)


def _action_of(request: HttpRequest) -> Action | None:
    """The action that was to be authorized, but only for the person who started it."""
    attempts = AuthorizationAttempt.objects.select_related("action__app")
    attempt = attempts.filter(state_hash=digest(request.GET.get("state", ""))).first()
    mine = attempt is not None and request.user.is_authenticated and attempt.user_id == request.user.pk
    return attempt.action if attempt is not None and mine else None


def _action_page(action: Action) -> str:
    return reverse("admin:app_action", kwargs={"app_slug": action.app.slug, "provider": action.provider})
