"""The page that an authorization link opens. Looking at it changes nothing: programs that scan mails do that too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.views.decorators.http import require_POST, require_safe

from integrations.errors import NotAsked
from integrations.flows import authorize, identity, invitation, links
from integrations.flows import own_token as tokens
from integrations.flows.scope_words import asked_in_words
from integrations.link_errors import LinkClosed
from integrations.models import AuthorizationAttempt
from integrations.oauth.state import BROWSER, browser_of
from xoplatform import languages
from xoplatform.core.errors import PlatformError
from xoplatform.languages import told_later
from xoplatform.private import private

from .closed import closed
from .pages import SILENCE, page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from integrations.models import AuthorizationLink, Connection

Outcome = AuthorizationAttempt.Outcome
#: Outcomes whose page says more than the link's own.
GOES_ON = (Outcome.CONFIRMING, Outcome.AWAITING_CODE)


class TokenForm(forms.Form):
    """An account's API token, where the App's team chose that way."""

    site_url = forms.CharField(max_length=300)
    email = forms.EmailField()
    token = forms.CharField(max_length=2000, strip=True)


@require_safe
@private
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Which App asks for what, for whom; and where things stand for a person who has been here before."""
    try:
        link = links.resolve(token)
        invitation.check_asked(link.action)
    except (LinkClosed, NotAsked) as error:
        last = _last(request, getattr(error, "link", None))
        if last is not None and last.outcome == Outcome.CONNECTED:
            return redirect("authorize_return", last.pk)
        return closed(request, error, token=token)
    last = _last(request, link)
    if last is not None and last.outcome in GOES_ON:
        return redirect("authorize_return", last.pk)
    return _ask(request, token, link, last=last)


def _ask(
    request: HttpRequest,
    token: str,
    link: AuthorizationLink,
    *,
    last: AuthorizationAttempt | None = None,
    **context: Any,
) -> HttpResponse:
    return page(
        request,
        "ask",
        link,
        token=token,
        asks=asked_in_words(link.action, _held(link)),
        connected=_connected(link),
        waiting=last is not None and last.outcome == Outcome.PENDING,
        ended=last.reason if last is not None else "",
        silence=SILENCE,
        **context,
    )


def _last(request: HttpRequest, link: AuthorizationLink | None) -> AuthorizationAttempt | None:
    """What this browser did with the link before. A visit makes no session, so it leaves no trace."""
    if link is None or BROWSER not in request.session:
        return None
    mine = link.attempts.filter(session_hash=browser_of(request.session))
    return mine.select_related("action").first()


def _held(link: AuthorizationLink) -> Connection | None:
    return link.action.connection_for(link.end_user_id)


def _connected(link: AuthorizationLink) -> Connection | None:
    row = _held(link)
    return row if row is not None and row.usable else None


@require_POST
@private
def start(request: HttpRequest, token: str) -> HttpResponse:
    """Sends this browser to the provider."""
    try:
        link = links.resolve(token)
    except LinkClosed as error:
        return closed(request, error, token=token)
    return to_provider(request, link, token)


def to_provider(request: HttpRequest, link: AuthorizationLink, token: str = "") -> HttpResponse:
    """Starts an authorization with this link, or says why not."""
    try:
        return HttpResponseRedirect(authorize.begin(link.action, session=request.session, link=link).url)
    except PlatformError as error:
        return closed(request, error, link, token)


@require_POST
@private
def own_token(request: HttpRequest, token: str) -> HttpResponse:
    """Takes the person's API token. Nothing of what was typed is shown again but the site and the e-mail."""
    try:
        link = links.resolve(token)
        invitation.check_asked(link.action)
    except (LinkClosed, NotAsked) as error:
        return closed(request, error, token=token)
    form = TokenForm(request.POST)
    if not form.is_valid():
        with translation.override(languages.of_person(link.end_user, link.action.app)):
            errors = {name: " ".join(map(str, found)) for name, found in form.errors.items()}
        return _ask(request, token, link, errors=errors, typed=request.POST)
    try:
        attempt = tokens.offer(link, session=request.session, **form.cleaned_data)
    except PlatformError as error:
        return _ask(request, token, link, trouble=told_later(error), typed=form.cleaned_data)
    return redirect("authorize_return", attempt.pk)


@require_POST
@private
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """No, thanks: nothing happens, and the link waits for a change of mind."""
    try:
        link = links.resolve(token)
    except LinkClosed as error:
        return closed(request, error, token=token)
    invitation.decline(link)
    return page(request, "declined", link, token=token)


@require_POST
@private
def keep(request: HttpRequest, token: str) -> HttpResponse:
    """The account that is connected stays so."""
    try:
        link = links.resolve(token)
    except LinkClosed as error:
        return closed(request, error, token=token)
    return page(request, "kept", link, connected=_connected(link))


@require_POST
@private
def ask_again(request: HttpRequest, token: str) -> HttpResponse:
    """Mails a new link to the address that we know, whoever asks for it."""
    try:
        links.resolve(token)
    except LinkClosed as error:
        if error.link is None:
            return closed(request, error)
        try:
            invitation.ask_again(error.link)
        except PlatformError as refusal:
            return closed(request, refusal, error.link)
        address = identity.hint(error.link.end_user.email)
        return page(request, "sent", error.link, address=address, now=timezone.now())
    return redirect("authorize_link", token)
