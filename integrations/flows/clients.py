"""Which OAuth registration an action uses: the installation's own (System) or a profile's (Custom)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from django.conf import settings
from django.urls import reverse

from integrations.catalog import registry
from integrations.errors import ClientMissing, ProfileMissing
from integrations.models import Action, AuthorizationProfile
from integrations.oauth import OAuthClient
from xoplatform.core.crypto import Secret

from .profile_fields import fill

if TYPE_CHECKING:
    from integrations.catalog.manifest import Manifest
    from integrations.oauth import Grant

    from .profile_fields import Filled

Type = AuthorizationProfile.Type
#: Types that get tokens without a consent page.
GRANTS: dict[str, Grant] = {Type.CLIENT_CREDENTIALS: "client_credentials", Type.PASSWORD_GRANT: "password"}


@dataclass(frozen=True)
class Where:
    """Where a wrong client is mended, and by whom, for messages."""

    where: str
    who: str


def callback_url() -> str:
    """The one callback address of the installation, to be registered at every provider exactly like this."""
    return f"{settings.XO_BASE_URL}{reverse('oauth_callback')}"


def place_of_client(action: Action) -> Where:
    """Names the settings or the profile that hold the client of this action."""
    return place_of(action.provider, action.profile if action.card == Action.Card.CUSTOM else None)


def place_of(provider: str, profile: AuthorizationProfile | None) -> Where:
    """The same for a profile's client, or for the System's where there is none."""
    if profile:
        return Where(f"the authorization profile “{profile.name}”", "A developer of the App")
    system = registry.provider(provider).manifest.authorization.oauth.system
    return Where(f"{system.client_id_setting} and {system.client_secret_setting}", "The operator of this installation")


def client_of(action: Action) -> OAuthClient:
    """The registration to authorize and refresh with.

    Raises ClientMissing, ProfileMissing, ProfileUnfilled and UnknownProvider.
    """
    manifest = registry.provider(action.provider).manifest
    if action.card == Action.Card.CUSTOM and action.profile is None:
        raise ProfileMissing(provider=manifest.title)
    custom = action.profile if action.card == Action.Card.CUSTOM else None
    client = _custom(custom, manifest, action.tenant) if custom else _system(manifest)
    needs_client = client.grant != "password"  # RFC 6749 section 4.3.2: only a client that was given credentials
    if needs_client and not (client.client_id and client.client_secret):
        place = place_of_client(action)
        raise ClientMissing(provider=manifest.title, where=place.where, who=place.who)
    return client


def _system(manifest: Manifest) -> OAuthClient:
    oauth = manifest.authorization.oauth
    return OAuthClient(
        client_id=getattr(settings, oauth.system.client_id_setting, ""),
        client_secret=Secret(getattr(settings, oauth.system.client_secret_setting, "")),
        authorization_url=oauth.authorization_url.url(),
        token_url=oauth.token_url.url(),
        refresh_url=oauth.refresh_url.url(),
        redirect_uri=callback_url(),
        scopes=oauth.scopes,
        parameters=oauth.parameters,
        token_body=oauth.token_body,
        pkce=oauth.pkce,
    )


def _custom(profile: AuthorizationProfile, manifest: Manifest, tenant: str) -> OAuthClient:
    """The profile's client, with the provider's own answer to whatever a profile does not say."""
    oauth, filled = manifest.authorization.oauth, fill(profile, tenant=tenant)
    return replace(
        client_of_profile(profile, filled),
        authorization_url=filled.authorization_url or oauth.authorization_url.url(),
        token_url=filled.token_url or oauth.token_url.url(),
        refresh_url=filled.refresh_url or filled.token_url or oauth.refresh_url.url(),
        scopes=_scopes(profile) or oauth.scopes,
        parameters=oauth.parameters,
        token_body=_encoding(profile) or oauth.token_body,
        pkce=oauth.pkce,
    )


def client_of_profile(profile: AuthorizationProfile, filled: Filled) -> OAuthClient:
    """The client that a profile describes by itself, whatever provider it is for."""
    return OAuthClient(
        client_id=profile.client_id,
        client_secret=profile.client_secret,
        authorization_url=filled.authorization_url,
        token_url=filled.token_url,
        refresh_url=filled.refresh_url or filled.token_url,
        redirect_uri=callback_url(),
        scopes=_scopes(profile),
        token_body=_encoding(profile) or "form",
        token_method=profile.request_method or "POST",
        extras=filled.extras,
        grant=GRANTS.get(profile.type, "authorization_code"),
    )


def _scopes(profile: AuthorizationProfile) -> tuple[str, ...]:
    return tuple(pair["value"] for pair in profile.scopes if pair.get("value"))


def _encoding(profile: AuthorizationProfile) -> Literal["json", "form"] | None:
    if not profile.content_type:
        return None
    return "json" if profile.content_type == AuthorizationProfile.ContentType.JSON else "form"
