"""What an authorization profile puts into a free request, and who may get it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from integrations.catalog import registry
from integrations.errors import NoSuchProfile, ProfileElsewhere, ProfileNotConnected, ProfileUnfilled
from integrations.flows.call import Stop, grant_for
from integrations.flows.platform import ApiToken, Bearer, auth_of
from integrations.flows.profile_fields import KEY_NAME, extras_of
from integrations.flows.refresh import MARGIN, access_token, token_of
from integrations.models import Action, AuthorizationProfile
from integrations.oauth import Extras

from . import tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from requests.auth import AuthBase

    from integrations.flows.transport import Budget
    from integrations.models import Connection

Type = AuthorizationProfile.Type


@dataclass
class Credentials:
    """What goes with a request. ``secrets`` are taken out of what comes back.

    ``renew`` makes other credentials after these were refused; None where there are none.
    """

    extras: Extras = field(default_factory=Extras, repr=False)
    auth: AuthBase | None = field(default=None, repr=False)
    secrets: list[str] = field(default_factory=list, repr=False)
    connection: Connection | None = None
    renew: Callable[[], Credentials] | None = None


def credentials_for(
    name: str, app_id: int, end_user_id: int | None, url: str, budget: Budget
) -> tuple[Credentials, AuthorizationProfile | None]:
    """The credentials of the App's profile of this name for a request to ``url``; nothing for no name.

    Raises Stop, where a person's consent is missing, and NoSuchProfile, ProfileUnfilled, ProfileNotConnected,
    ProfileElsewhere, ProfileRefused, ProviderUnavailable, or what `access_token` raises.
    """
    if not name:
        return Credentials(), None
    profile = AuthorizationProfile.objects.filter(app_id=app_id, name=name).first()
    if profile is None:
        raise NoSuchProfile(profile=name)
    if profile.type in (Type.BASIC, Type.API_KEY):
        return _of_the_profile(profile), profile
    if profile.type == Type.CLIENT_CREDENTIALS:
        return _of_the_client(profile, budget), profile
    return _of_a_grant(profile, end_user_id, url, budget), profile


def _of_the_profile(profile: AuthorizationProfile) -> Credentials:
    """User name and password, or a key: where the authorization fields put them, else in the header Authorization."""
    secret, basic = profile.client_secret, profile.type == Type.BASIC
    if not secret or (basic and not profile.client_id):
        what = "its user name or password (Client ID and Client Secret)" if basic else "its key (Client Secret)"
        raise ProfileUnfilled(profile=profile.name, what=what)
    login = profile.client_id
    typed = {"username": login, "password": secret.reveal()} if basic else {"apikey": secret.reveal()}
    extras = extras_of(profile, typed)
    placed = any(KEY_NAME.search(str(row.get("value"))) for row in profile.authorization_fields)
    auth: AuthBase | None = None if placed else ApiToken(login, secret) if basic else Bearer(secret)
    pair = base64.b64encode(f"{login}:{secret.reveal()}".encode()).decode()
    values = [*extras.header.values(), *extras.payload.values(), *extras.query.values()]
    return Credentials(extras, auth, [secret.reveal(), pair, *values])


def _of_the_client(profile: AuthorizationProfile, budget: Budget, *, anew: bool = False) -> Credentials:
    token = tokens.token_of(profile, budget, anew=anew)
    renew = None if anew else lambda: _of_the_client(profile, budget, anew=True)
    return Credentials(auth=Bearer(token), secrets=[token.reveal()], renew=renew)


def _of_a_grant(profile: AuthorizationProfile, end_user_id: int | None, url: str, budget: Budget) -> Credentials:
    """The grant that an action holds with this profile. It goes to its own site and nowhere else."""
    actions = Action.objects.filter(app_id=profile.app_id, profile=profile, card=Action.Card.CUSTOM)
    action = actions.first()
    if action is None:
        raise ProfileNotConnected(profile=profile.name)
    try:
        row = grant_for(profile.app_id, end_user_id, action.provider)
    except Stop as stop:
        stop.provider = action.provider
        raise
    if not _is_at_its_site(row, url):
        title = registry.provider(action.provider).manifest.title
        raise ProfileElsewhere(profile=profile.name, site=row.site_name or title, provider=title)
    token = token_of(row) if row.lives_for(MARGIN) else access_token(row.pk, budget=budget.left)
    row.generation = token.generation

    def renewed() -> Credentials:
        fresh = access_token(row.pk, budget=budget.left, rejected=token.generation)
        row.generation = fresh.generation
        return Credentials(auth=auth_of(row, fresh.value), secrets=[fresh.value.reveal()], connection=row)

    own = row.kind == row.Kind.OAUTH
    return Credentials(
        auth=auth_of(row, token.value), secrets=[token.value.reveal()], connection=row, renew=renewed if own else None
    )


def _is_at_its_site(row: Connection, url: str) -> bool:
    api = registry.provider(row.action.provider).manifest.api
    own = row.base or api.site.url(site_id=row.site_id)
    at_home = any(_is_below(url, base) for base in (own, row.site_url if row.kind == row.Kind.BASIC else "") if base)
    # A step of dots climbs to another site, in whichever way it is written (RFC 3986 section 5.2.4).
    return at_home and not any(unquote(step) in (".", "..") for step in urlsplit(url).path.split("/"))


def _is_below(url: str, base: str) -> bool:
    one, other = urlsplit(url), urlsplit(base)
    same_host = (one.scheme, one.netloc) == (other.scheme, other.netloc)
    return same_host and f"{one.path}/".startswith(f"{other.path.rstrip('/')}/")
