"""Which OAuth registration an action uses: the installation's own (System) or a profile's (Custom)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from integrations.catalog import registry
from integrations.errors import ClientMissing, ProfileMissing
from integrations.models import Action, AuthorizationProfile
from integrations.oauth import OAuthClient
from xoplatform.core.crypto import Secret

if TYPE_CHECKING:
    from integrations.catalog.manifest import Manifest


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
    if action.card == Action.Card.CUSTOM and action.profile:
        return Where(f"the authorization profile “{action.profile.name}”", "A developer of the App")
    system = registry.provider(action.provider).manifest.authorization.oauth.system
    return Where(f"{system.client_id_setting} and {system.client_secret_setting}", "The operator of this installation")


def client_of(action: Action) -> OAuthClient:
    """The registration to authorize and refresh with. Raises ClientMissing, ProfileMissing and UnknownProvider."""
    manifest = registry.provider(action.provider).manifest
    if action.card == Action.Card.CUSTOM and action.profile is None:
        raise ProfileMissing(provider=manifest.title)
    custom = action.card == Action.Card.CUSTOM
    client = _custom(action.profile, manifest) if custom else _system(manifest)
    if client is None or not client.client_id or not client.client_secret:
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


def _custom(profile: AuthorizationProfile | None, manifest: Manifest) -> OAuthClient | None:
    if profile is None:
        return None
    oauth = manifest.authorization.oauth
    return OAuthClient(
        client_id=profile.client_id,
        client_secret=profile.client_secret,
        authorization_url=profile.authorization_url or oauth.authorization_url.url(),
        token_url=profile.token_url or oauth.token_url.url(),
        refresh_url=profile.refresh_url or profile.token_url or oauth.refresh_url.url(),
        redirect_uri=callback_url(),
        scopes=tuple(pair["value"] for pair in profile.scopes if pair.get("value")) or oauth.scopes,
        parameters=oauth.parameters,
        token_body=oauth.token_body,
        pkce=oauth.pkce,
    )
