"""After the provider's page: whose account it is, which site, and how it ended. For the browser that began it only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from integrations.errors import OtherBrowser, SiteUnknown
from integrations.flows import holding, identity, links
from integrations.link_errors import CodesUsedUp
from integrations.models import AuthorizationAttempt
from integrations.oauth.state import BROWSER, browser_of
from xoplatform.core.errors import PlatformError
from xoplatform.private import private

from .closed import closed
from .link import to_provider
from .pages import SILENCE, of_attempt, page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

Outcome = AuthorizationAttempt.Outcome
OTHER_ACCOUNT = gettext_noop("You chose to use another account. What was allowed before has been erased.")
NOT_WANTED = gettext_noop("You did not want this account to be connected. What was allowed has been erased.")


def mine(request: HttpRequest, pk: int) -> AuthorizationAttempt:
    """This browser's own attempt with a link. Raises OtherBrowser, for strangers and for numbers made up."""
    rows = AuthorizationAttempt.objects.select_related("action__app", "action__profile", "end_user", "connection")
    attempt = rows.filter(pk=pk, link__isnull=False).first() if BROWSER in request.session else None
    if attempt is None or attempt.session_hash != browser_of(request.session):
        raise OtherBrowser
    return attempt


@require_safe
@private
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Where this attempt stands."""
    try:
        attempt = mine(request, pk)
    except OtherBrowser as error:
        return closed(request, error)
    return _page_of(request, attempt)


def _page_of(request: HttpRequest, attempt: AuthorizationAttempt, **context: Any) -> HttpResponse:
    if attempt.outcome in holding.WAITING:
        try:
            held = holding.waiting(attempt)
        except PlatformError:
            return _ended(request, attempt)
        if attempt.outcome == Outcome.AWAITING_CODE:
            return _code_page(request, attempt)
        doubt = attempt.end_user and identity.in_doubt(attempt.action, attempt.end_user, held.account_email)
        known = attempt.action.connection_for(attempt.end_user_id)
        before = known.site_id if known is not None else ""
        found = {"attempt": attempt, "held": held, "doubt": doubt, "before": before, **context}
        return page(request, "confirm", of_attempt(attempt), **found)
    if attempt.outcome == Outcome.CONNECTED:
        return page(request, "done", of_attempt(attempt), connection=attempt.connection)
    return _ended(request, attempt)


def _ended(request: HttpRequest, attempt: AuthorizationAttempt) -> HttpResponse:
    link = of_attempt(attempt)
    try:
        links.require_live(link)
    except PlatformError as error:
        if attempt.outcome not in (Outcome.DENIED, Outcome.FAILED):
            return closed(request, error, link)
    return page(request, "ended", link, attempt=attempt, again=link.open and not link.expired, silence=SILENCE)


def _code_page(request: HttpRequest, attempt: AuthorizationAttempt, shown: str = "") -> HttpResponse:
    return page(request, "code", of_attempt(attempt), attempt=attempt, code=shown)


@require_POST
@private
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes, connect this account and this site."""
    try:
        attempt = mine(request, pk)
    except OtherBrowser as error:
        return closed(request, error)
    if attempt.outcome != Outcome.CONFIRMING:
        return redirect("authorize_return", pk)
    try:
        shown = holding.confirm(attempt, request.POST.get("site", ""))
    except SiteUnknown:
        return _page_of(request, attempt, problem=_("Choose the site that this App may use."))
    except PlatformError as error:
        attempt.refresh_from_db(fields=["outcome", "reason"])
        return _ended(request, attempt) if attempt.reason else closed(request, error, of_attempt(attempt))
    return _code_page(request, attempt, shown) if shown else redirect("authorize_return", pk)


@require_POST
@private
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """Another code for the same account; the one before stops working."""
    try:
        attempt = mine(request, pk)
        shown = holding.another_code(attempt)
    except OtherBrowser as error:
        return closed(request, error)
    except CodesUsedUp as error:
        holding.give_up(attempt, error)
        return redirect("authorize_return", pk)
    except PlatformError:
        return redirect("authorize_return", pk)
    return _code_page(request, attempt, shown)


@require_POST
@private
def another(request: HttpRequest, pk: int) -> HttpResponse:
    """Once more to the provider with the same link; what waited is erased."""
    try:
        attempt = mine(request, pk)
    except OtherBrowser as error:
        return closed(request, error)
    holding.give_up(attempt, OTHER_ACCOUNT)
    link = of_attempt(attempt)
    try:
        links.require_live(link)
    except PlatformError as error:
        return closed(request, error, link)
    return to_provider(request, link)


@require_POST
@private
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """No to the account that is shown: what waited is erased at once."""
    try:
        attempt = mine(request, pk)
    except OtherBrowser as error:
        return closed(request, error)
    holding.give_up(attempt, NOT_WANTED)
    return page(request, "declined", of_attempt(attempt), erased=True)
