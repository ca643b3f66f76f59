"""What the pages of an end user's authorization have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from integrations.catalog import registry
from integrations.flows import identity
from integrations.models import Action, AuthorizationLink
from xoplatform import languages

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from integrations.models import AuthorizationAttempt
    from xoplatform.models import EndUser

#: Why a provider may keep the browser: none of these ever comes back to us (Atlassian, OAuth 2.0 (3LO) apps).
SILENCE = (
    _("an administrator of your site does not allow apps that people connect themselves"),
    _("this App is not open to everybody at the provider yet"),
    _("this App's return address is not registered there"),
)


def page(
    request: HttpRequest, name: str, link: AuthorizationLink | None = None, *, status: int = 200, **context: Any
) -> HttpResponse:
    """One of the templates of the journey, in the language of the link's person; else in the browser's."""
    about = of_link(link) if link is not None else {}
    language = (
        languages.of_person(link.end_user, link.action.app) if link is not None else languages.of_browser(request)
    )
    template = f"integrations/authorize/{name}.html"
    return languages.page(request, template, {**about, **context}, language=language, status=status)


def of_link(link: AuthorizationLink) -> dict[str, Any]:
    """Which App asks for what on which provider, and for whom."""
    manifest = registry.provider(link.action.provider).manifest
    return {
        "link": link,
        "app": link.action.app,
        "title": manifest.title,
        "vendor": manifest.vendor or manifest.title,
        "for_whom": for_whom(link.end_user),
        "in_chat": link.channel != AuthorizationLink.Channel.MAIL,
        "basic": manifest.authorization.basic if link.action.method == Action.Method.BASIC else None,
    }


def for_whom(end_user: EndUser) -> str:
    """The person as they recognize themselves, and a stranger learns nothing to use."""
    return identity.hint(end_user.email) if end_user.email else end_user.name


def of_attempt(attempt: AuthorizationAttempt) -> AuthorizationLink:
    """The link of an attempt, with what its page needs."""
    rows = AuthorizationLink.objects.select_related("action__app", "action__profile", "end_user")
    return rows.get(attempts=attempt.pk)
