"""The request by which Test tries a user name and password, or a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.errors import ProfileUnfilled
from integrations.models import AuthorizationProfile
from integrations.oauth import with_query

from .platform import ApiToken
from .profile_fields import KEY_NAME

if TYPE_CHECKING:
    from requests.auth import AuthBase

    from .profile_fields import Filled
    from .profile_trial import Typed

Request = tuple[str, dict[str, str], dict[str, str] | None, "AuthBase | None"]


def request_of(profile: AuthorizationProfile, filled: Filled, typed: Typed) -> Request:
    """Address, headers, body and authentication. Credentials go where the authorization fields put them.

    Without such fields they go into the header Authorization: as RFC 7617 says for a user name and password, and a
    key as a Bearer token. Raises ProfileUnfilled where no address is known.
    """
    url = typed.check_url or filled.check_url
    if not url:
        raise ProfileUnfilled(profile=profile.name, what="the check URL")
    extras = filled.extras
    headers, auth = {"Accept": "application/json", **extras.header}, None
    placed = any(KEY_NAME.search(str(row.get("value"))) for row in profile.authorization_fields)
    if not placed and profile.type == AuthorizationProfile.Type.BASIC:
        auth = ApiToken(typed.username, typed.password)
    elif not placed:
        headers["Authorization"] = f"Bearer {typed.key.reveal()}"
    return with_query(url, extras.query), headers, dict(extras.payload) or None, auth
