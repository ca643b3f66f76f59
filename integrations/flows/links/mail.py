"""The mail that carries a link. Restyle it in templates/integrations/mail/."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext

from integrations.catalog import registry
from integrations.flows.scope_words import asked_in_words
from xoplatform import languages

if TYPE_CHECKING:
    from datetime import datetime

    from integrations.models import AuthorizationLink

TEMPLATE = "integrations/mail/authorization_link"


def compose(link: AuthorizationLink, url: str, expires_at: datetime) -> EmailMultiAlternatives:
    """The mail for this link's person, as text and as HTML from one pair of templates."""
    context = _context(link, url, expires_at)
    with translation.override(languages.of_person(link.end_user, link.action.app)):
        subject = gettext("%(app)s asks for access to your %(provider)s") % context
        text = render_to_string(f"{TEMPLATE}.txt", context)
        html = render_to_string(f"{TEMPLATE}.html", context)
    message = EmailMultiAlternatives(" ".join(subject.split()), text, to=[link.end_user.email])
    message.attach_alternative(html, "text/html")
    message.extra_headers["Auto-Submitted"] = "auto-generated"  # RFC 3834: keeps holiday notices away
    return message


def _context(link: AuthorizationLink, url: str, expires_at: datetime) -> dict[str, Any]:
    manifest = registry.provider(link.action.provider).manifest
    return {
        "app": link.action.app.name,
        "provider": manifest.title,
        "vendor": manifest.vendor or manifest.title,
        "person": link.end_user.name,
        "email": link.end_user.email,
        "scopes": asked_in_words(link.action),
        "url": url,
        "expires_at": timezone.localtime(expires_at),
        "days": max(1, round((expires_at - timezone.now()).total_seconds() / 86_400)),
    }
