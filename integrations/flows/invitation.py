"""What the person who holds a link may do with it besides connecting."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.catalog import registry
from integrations.errors import (
    AskedRecently,
    ClientMissing,
    ClientRefused,
    CodeRefused,
    ConfigurationChanged,
    EditionMissing,
    EditionRefused,
    NotAsked,
    ProfileMissing,
    TeamMustMend,
)
from integrations.models import Action, AuthorizationLink
from xoplatform import languages
from xoplatform.core.crypto import SecretUnreadable

from . import audit, identity, links

if TYPE_CHECKING:
    from integrations.models import AuthorizationAttempt
    from xoplatform.core.errors import PlatformError

log = logging.getLogger(__name__)

#: Troubles that only the App's team can mend, in words for the person who meets them.
TEAM_TROUBLES = {
    ClientRefused: _("{vendor} refused the registration of this App"),
    ClientMissing: _("its registration at {vendor} is not set up"),
    ProfileMissing: _("its registration at {vendor} is not set up"),
    CodeRefused: _("{vendor} did not accept the sign-in"),
    ConfigurationChanged: _("the team changed its registration at {vendor} while you were away"),
    EditionMissing: _("the team has not finished setting it up"),
    EditionRefused: _("the kind of site that the team chose cannot be used"),
    SecretUnreadable: _("a key of this installation is missing"),
}


#: How long a person waits before asking for another link by mail.
PAUSE = timedelta(minutes=10)


def check_asked(action: Action) -> None:
    """Raises NotAsked unless each person is to connect an own account to this action now."""
    working = action.status in (Action.Status.ENABLED, Action.Status.ERROR)
    if action.pre_authorized or not working:
        title = registry.provider(action.provider).manifest.title
        raise NotAsked(app=action.app.name, provider=title)


def decline(link: AuthorizationLink) -> None:
    """Notes that the person said no. The link stays open, for a change of mind."""
    audit.note(link.action.app, audit.Verb.LINK_DECLINED, end_user=link.end_user, provider=link.action.provider)


def may_ask_again(link: AuthorizationLink) -> bool:
    """Whether we know where to mail the person another link, and the App still wants one."""
    try:
        check_asked(link.action)
    except NotAsked:
        return False
    return bool(link.end_user.email)


def ask_again(link: AuthorizationLink) -> None:
    """Mails the link's person a new one, to the stored address and to no other. Raises AskedRecently or NotAsked."""
    check_asked(link.action)
    mailed = AuthorizationLink.objects.filter(
        action_id=link.action_id,
        end_user_id=link.end_user_id,
        channel=AuthorizationLink.Channel.MAIL,
        created_at__gt=timezone.now() - PAUSE,
    )
    if mailed.exclude(pk=link.pk).exists():
        raise AskedRecently(address=identity.hint(link.end_user.email))
    links.send(link.action, link.end_user)


def note_failed(link: AuthorizationLink, reason: str) -> None:
    """Notes that a trip to the provider did not end well; ``reason`` is the error's code."""
    app, provider = link.action.app, link.action.provider
    audit.note(app, audit.Verb.CONSENT_FAILED, end_user=link.end_user, provider=provider, details={"reason": reason})


def words_for_person(error: PlatformError, action: Action) -> PlatformError:
    """The error as an end user may see it. What only the App's team can mend names no setting, and is logged."""
    what = TEAM_TROUBLES.get(type(error))
    if what is None:
        return error
    log.warning("A person could not connect: %s", error.message, extra={"action": action.pk})
    manifest = registry.provider(action.provider).manifest
    vendor = manifest.vendor or manifest.title
    return TeamMustMend(provider=manifest.title, app=action.app.name, what=format_lazy(what, vendor=vendor))


def reason_of(attempt: AuthorizationAttempt, why: PlatformError | str) -> str:
    """Why an attempt ended: for an end user in their language, else in English, as all that is for staff."""
    person = attempt.end_user
    language = languages.of_person(person, attempt.action.app) if person else languages.ENGLISH
    with translation.override(language):
        return gettext(why) if isinstance(why, str) else languages.told(why)
