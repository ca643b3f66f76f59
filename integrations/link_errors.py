"""What can be wrong with an authorization link, in words for the person who holds or sends it."""

from __future__ import annotations

from typing import Any

from xoplatform.core.errors import PlatformError


class LinkClosed(PlatformError):
    """This link cannot be used. Nothing was changed. Ask for a new one where you got it."""

    code = "link_closed"
    status = 410

    def __init__(self, link: Any = None, **details: Any) -> None:
        super().__init__(**details)
        #: The link, so that the page can offer a new one to the person it was made for; never part of an answer.
        self.link = link


class LinkUnknown(LinkClosed):
    """There is no such link: its address may be incomplete, or it was removed. Nothing was changed.
    Open it from the message again, or ask for a new one where you got it."""

    code = "link_unknown"
    status = 404


class LinkUsed(LinkClosed):
    """This link has already been used, and a link works once. Nothing was changed by this visit.
    If the access is not there, ask for a new link where you got this one."""

    code = "link_used"


class LinkExpired(LinkClosed):
    """This link has expired. Nothing was changed. Ask for a new one where you got it."""

    code = "link_expired"


class LinkRevoked(LinkClosed):
    """This link was withdrawn or replaced by a newer one. Nothing was changed.
    Use the newest message you got, or ask for a new link."""

    code = "link_revoked"


class CodesUsedUp(LinkClosed):
    """Too many wrong codes were typed for this link, so no code of it works any more. Nothing was connected.
    Ask for a new link in your chat."""

    code = "codes_used_up"


class LinksNotUsed(PlatformError):
    """In {app}, {provider} is not authorized by each person, so nobody needs a link. No link was made.
    A developer of the App can choose Allow users on the page of the action."""

    code = "links_not_used"
    status = 409


class EndUserElsewhere(PlatformError):
    """This person does not belong to {app}. No link was made. Choose a person of that App."""

    code = "end_user_elsewhere"
    status = 404


class NoMailAddress(PlatformError):
    """{person} has no e-mail address, so no mail was sent. The person gets a link in chat,
    or a developer of the App can add the address."""

    code = "no_mail_address"
    status = 409


class ActionNotEnabled(PlatformError):
    """{provider} is not enabled in {app}, so no link was sent. A developer of the App can enable it."""

    code = "action_not_enabled"
    status = 409


class LinkCodeRefused(PlatformError):
    """This is not the code that the person is being shown. Nothing was connected. It can be tried {left} more times;
    then the person needs a new link."""

    code = "link_code_refused"
    status = 409
