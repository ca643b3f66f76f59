"""Tries a saved profile against its provider, without spending or storing anything."""

from __future__ import annotations

import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from integrations.catalog import registry
from integrations.catalog.base import Reaction
from integrations.models import AuthorizationProfile
from integrations.oauth import ClientRejected, GrantRejected, NoAnswer, read
from xoplatform.core import http
from xoplatform.core.crypto import Secret
from xoplatform.logs import redact

from . import audit
from .clients import client_of_profile
from .masking import forms_of, mask
from .platform import reply_of
from .profile_check import request_of
from .profile_fields import fill
from .traces import shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

    import requests

    from integrations.catalog.operations import JSON
    from integrations.oauth import OAuthClient

    from .profile_fields import Filled

TIMEOUT = 15.0
Type = AuthorizationProfile.Type
FAILED = "Auth Test Failed"


@dataclass(frozen=True)
class Typed:
    """What a person typed for one test; it is not kept."""

    tenant: str = ""
    username: str = ""
    password: Secret = field(default_factory=Secret)
    key: Secret = field(default_factory=Secret)
    check_url: str = ""
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Result:
    """How a test ended. ``headers`` and ``body`` are what came back, without secrets."""

    ok: bool
    words: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: JSON = None


def asked_for(profile: AuthorizationProfile) -> list[str]:
    """What has to be typed before a test, by the names of `Typed`; form fields are asked for besides."""
    asked = ["tenant"] if profile.tenancy else []
    if profile.type in (Type.BASIC, Type.API_KEY):
        asked += ["check_url"]
    if profile.type in (Type.BASIC, Type.PASSWORD_GRANT):
        asked += ["username", "password"]
    return [*asked, "key"] if profile.type == Type.API_KEY else asked


def not_given(profile: AuthorizationProfile, typed: Typed) -> list[str]:
    """What `asked_for` and the profile's form fields ask for and was not typed; form fields as ``form_fields.key``."""
    missing = [name for name in asked_for(profile) if not getattr(typed, name)]
    if profile.check_url and "check_url" in missing:
        missing.remove("check_url")
    return missing + [f"form_fields.{row['key']}" for row in profile.form_fields if not typed.fields.get(row["key"])]


def run(profile: AuthorizationProfile, typed: Typed | None = None, *, actor: Any = None) -> Result:
    """Sends the one request that fits the type and tells what came of it. Raises ProfileUnfilled.

    OAuth v2 sends a made-up code: a provider that accepts the client refuses the code, and nothing is spent.
    """
    given = typed or Typed()
    known = {"username": given.username, "password": given.password.reveal(), "apikey": given.key.reveal()}
    filled = fill(profile, tenant=given.tenant, typed={**known, **given.fields})
    try:
        response = _send(profile, filled, given)
    except NoAnswer as silence:
        result = Result(ok=False, words=f"{FAILED}: nothing came back ({silence.words}).")
    else:
        ok, words = _verdict(profile, response)
        result = _redacted(
            Result(ok, words if ok else f"{FAILED}: {words}"), response, _secrets(profile, filled, given)
        )
    audit.note(profile.app, audit.Verb.PROFILE_TESTED, actor=actor, what=profile.name, details={"succeeded": result.ok})
    return result


def _send(profile: AuthorizationProfile, filled: Filled, typed: Typed) -> requests.Response:
    if profile.type in (Type.BASIC, Type.API_KEY):
        return _check(profile, filled, typed)
    client = client_of_profile(profile, filled)
    return client.probe(_body(client, typed), timeout=TIMEOUT)


def _body(client: OAuthClient, typed: Typed) -> dict[str, str]:
    scope = {"scope": " ".join(client.scopes)} if client.scopes else {}
    if client.grant == "client_credentials":
        return {"grant_type": "client_credentials", **scope}
    if client.grant == "password":
        password = typed.password.reveal()
        return {"grant_type": "password", "username": typed.username, "password": password, **scope}
    made_up = {"code": f"test-{secrets.token_urlsafe(16)}", "redirect_uri": client.redirect_uri}
    return {"grant_type": "authorization_code", **made_up}


def _check(profile: AuthorizationProfile, filled: Filled, typed: Typed) -> requests.Response:
    url, headers, body, auth = request_of(profile, filled, typed)
    method = profile.request_method or "GET"
    try:
        answer: requests.Response = http.session().request(
            method, url, headers=headers, json=body, auth=auth, timeout=TIMEOUT
        )
    except http.NetworkError as error:
        raise NoAnswer(type(error).__name__) from None
    except UnicodeError:  # a header's value holds signs that no header can
        raise NoAnswer("the request cannot be written") from None
    return answer


def _verdict(profile: AuthorizationProfile, response: requests.Response) -> tuple[bool, str]:
    if profile.type in (Type.BASIC, Type.API_KEY):
        return _verdict_of_check(response)
    try:
        read(response)
    except ClientRejected as refusal:
        return False, f"the provider refuses the client ID or secret ({refusal.words})."
    except GrantRejected as refusal:
        if profile.type == Type.OAUTH2:
            return True, "The provider accepts the client ID and secret."
        return False, f"the provider gave no token ({refusal.words})."
    except NoAnswer as silence:
        return False, f"this is no answer of a token endpoint ({silence.words})."
    return True, "The provider gave a token. It was thrown away."


def _verdict_of_check(response: requests.Response) -> tuple[bool, str]:
    # Some providers answer a stranger with 200 and say so elsewhere; each knows its own sign.
    reply = reply_of(response)
    refused = any(p.reaction(reply) is Reaction.RENEW_TOKEN for p in registry.providers().values())
    if refused or response.status_code == 403:  # noqa: PLR2004
        return False, "the credentials were not accepted."
    if not response.ok:
        return False, f"the address answered with status {response.status_code}."
    return True, "The address accepts the credentials."


def _secrets(profile: AuthorizationProfile, filled: Filled, typed: Typed) -> list[str]:
    """Every value that must not be shown, in each form in which a server may send it back; the longest first."""
    plain = [profile.client_secret.reveal(), typed.password.reveal(), typed.key.reveal(), *typed.fields.values()]
    plain += [row["value"] for row in (*profile.additional_fields, *profile.authorization_fields)]
    plain += [*filled.extras.header.values(), *filled.extras.payload.values(), *filled.extras.query.values()]
    if typed.username and typed.password:
        plain.append(b64encode(f"{typed.username}:{typed.password.reveal()}".encode()).decode())
    return forms_of(plain)


def _redacted(result: Result, response: requests.Response, hidden: list[str]) -> Result:
    reply = reply_of(response)
    headers = redact(mask(dict(response.headers), hidden))
    body = shorten(redact(mask(reply.body, hidden)))
    return Result(result.ok, mask(result.words, hidden), reply.status, headers, body)
