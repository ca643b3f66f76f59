"""Fills the dynamic parts of a profile: ``{tenant}``, ``{{authfield}}`` and path parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from integrations.errors import ProfileUnfilled
from integrations.oauth import Extras

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from integrations.models import AuthorizationProfile

PLACE = re.compile(r"\{\{\s*([\w.-]{1,100})\s*\}\}")
#: Where an authorization field puts what the platform asks for itself.
KEY_NAME = re.compile(r"\{\{\s*(?:username|password|apikey)\s*\}\}")
#: Keys that need no form field: each of these types asks for them.
OWN_KEYS = {"basic": ("username", "password"), "password_grant": ("username", "password"), "api_key": ("apikey",)}
PATH_PLACE = re.compile(r"(?<!\{)\{([\w-]{1,100})\}(?!\})")
TENANT = "tenant"
#: A tenant is a part of a host's name or of a path and must not become more than that.
TENANT_FORM = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")


@dataclass(frozen=True)
class Filled:
    """A profile's addresses with nothing left to fill, and what goes into its requests. Values may be secret."""

    authorization_url: str
    token_url: str
    refresh_url: str
    check_url: str
    extras: Extras = field(repr=False)


def fill(profile: AuthorizationProfile, *, tenant: str = "", typed: Mapping[str, str] | None = None) -> Filled:
    """The profile's addresses and authorization fields with values put in as data.

    ``typed`` holds what a person typed into form fields. Raises ProfileUnfilled for a value that is not there.
    """
    values, fields = _values(profile, typed), _fields(profile, typed)
    path = {key: value for kind, key, value in fields if kind == "path"}

    def url(text: str) -> str:
        return _url(profile, text, tenant, values, path)

    return Filled(
        authorization_url=url(profile.authorization_url),
        token_url=url(profile.token_url),
        refresh_url=url(profile.refresh_url),
        check_url=url(profile.check_url),
        extras=_extras(fields),
    )


def extras_of(profile: AuthorizationProfile, typed: Mapping[str, str] | None = None) -> Extras:
    """What the profile's authorization fields put into a request. Raises ProfileUnfilled."""
    return _extras(_fields(profile, typed))


def _values(profile: AuthorizationProfile, typed: Mapping[str, str] | None) -> dict[str, str]:
    return {**{p["key"]: p["value"] for p in profile.additional_fields}, **(typed or {})}


def _fields(profile: AuthorizationProfile, typed: Mapping[str, str] | None) -> list[tuple[str, str, str]]:
    values = _values(profile, typed)
    fields = [(f["type"], f["key"], _text(profile, f["value"], values)) for f in profile.authorization_fields]
    for kind, key, value in fields:
        if kind == "header" and not _fits_header(value):
            raise ProfileUnfilled(profile=profile.name, what=f"a value that the header “{key}” can carry")
    return fields


def _fits_header(value: str) -> bool:
    """RFC 9110 section 5.5; what is typed may hold more than the profile's own values, which are checked when saved."""
    try:
        value.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return not any(ord(sign) < 32 for sign in value)  # noqa: PLR2004 -- control characters


def _extras(fields: Sequence[tuple[str, str, str]]) -> Extras:
    return Extras(**{kind: {k: v for t, k, v in fields if t == kind} for kind in ("header", "payload", "query")})


def _url(
    profile: AuthorizationProfile, text: str, tenant: str, values: Mapping[str, str], path: Mapping[str, str]
) -> str:
    if not text:
        return ""
    if profile.tenancy and text.startswith("/"):
        text = profile.base_url.rstrip("/") + text
    known = {**path, **({TENANT: _tenant(profile, tenant)} if profile.tenancy else {})}
    text = PATH_PLACE.sub(lambda m: quote(known[m[1]], safe="") if m[1] in known else m[0], text)
    # A value may be the beginning of an address, such as https://example.com; anywhere else it is data.
    whole = PLACE.match(text)
    start = _value(profile, values, whole[1]) if whole else ""
    rest = text[whole.end() :] if whole else text
    return start.rstrip("/") + _fill(rest, lambda key: quote(_value(profile, values, key), safe=""))


def _tenant(profile: AuthorizationProfile, tenant: str) -> str:
    if not TENANT_FORM.fullmatch(tenant.strip()):
        raise ProfileUnfilled(profile=profile.name, what="the tenant (the organization's name)")
    return tenant.strip()


def _text(profile: AuthorizationProfile, text: str, values: Mapping[str, str]) -> str:
    return _fill(text, lambda key: _value(profile, values, key))


def _fill(text: str, value_of: Callable[[str], str]) -> str:
    return PLACE.sub(lambda match: value_of(match[1]), text)


def _value(profile: AuthorizationProfile, values: Mapping[str, str], key: str) -> str:
    if not values.get(key):
        raise ProfileUnfilled(profile=profile.name, what=f"the value of “{key}”")
    return values[key]


def places(value: Any) -> list[str]:
    """The keys that ``{{…}}`` names in a text."""
    return PLACE.findall(value) if isinstance(value, str) else []
