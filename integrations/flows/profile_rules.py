"""What is wrong with a profile, said with the field's name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from integrations.models import AuthorizationProfile
from xoplatform.core import http

from .profile_fields import OWN_KEYS, PATH_PLACE, PLACE, TENANT, places
from .profile_kinds import KINDS, LABELS, URLS

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_CLIENT = 255
LONGEST_URL = 3000
FIELD_TYPES = ("header", "payload", "query", "path")
#: Parts of token requests that no authorization field may stand for (RFC 6749 sections 4 and 6).
RESERVED = frozenset(
    {"grant_type", "client_id", "client_secret", "code", "code_verifier", "redirect_uri", "refresh_token", "password"}
)
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")  # RFC 9110 section 5.6.2
web_address = URLValidator(schemes=["https", "http"])


def problems_of(profile: AuthorizationProfile) -> dict[str, str]:
    """Field to what is wrong with it; empty for a profile that can be saved. Only fields of the type are looked at."""
    found: dict[str, str] = {}
    for field, words in _problems(profile):
        found.setdefault(field, words)
    return found


def _problems(profile: AuthorizationProfile) -> Iterator[tuple[str, str]]:
    kind = KINDS[profile.type]
    for field in ("name", *kind.required):
        if not getattr(profile, field):
            yield field, f"{LABELS[field]} is missing."
    namesakes = AuthorizationProfile.objects.filter(app_id=profile.app_id, name=profile.name).exclude(pk=profile.pk)
    if profile.name and namesakes.exists():
        yield "name", f"An authorization profile “{profile.name}” already exists in {profile.app}."
    yield from _too_long(profile)
    for field in URLS:
        if kind.has(field) and (words := _wrong_address(profile, field)):
            yield field, words
    yield from _tenancy(profile)
    yield from _rows(profile, "additional_fields")
    yield from _rows(profile, "form_fields")
    yield from _authorization_fields(profile)
    if kind.has("request_method") and profile.request_method and profile.request_method not in kind.methods:
        yield "request_method", f"Method can be {', '.join(kind.methods)} here."
    status = profile.auth_error_status
    if status is not None and not 400 <= status <= 599:  # noqa: PLR2004 -- RFC 9110 section 15.5
        yield "auth_error_status", "Auth error status code must lie between 400 and 599."


def _too_long(profile: AuthorizationProfile) -> Iterator[tuple[str, str]]:
    for field, text, limit in (
        ("client_id", profile.client_id, LONGEST_CLIENT),
        ("client_secret", profile.client_secret.reveal(), LONGEST_CLIENT),
        *((name, getattr(profile, name), LONGEST_URL) for name in URLS),
    ):
        if len(text) > limit:
            yield field, f"{LABELS[field]} may have at most {limit} characters; it has {len(text)}."


def _wrong_address(profile: AuthorizationProfile, field: str) -> str:
    """Checks the address with its dynamic parts filled by a harmless word."""
    text, label = getattr(profile, field), LABELS[field]
    if not text:
        return ""
    if profile.tenancy and text.startswith("/") and field != "base_url":
        text = profile.base_url.rstrip("/") + text
    if missing := [key for key in places(text) if key not in _keys(profile)]:
        return f"{label} uses {{{{{missing[0]}}}}}, but there is no field of that key."
    if unknown := [key for key in PATH_PLACE.findall(text) if key not in _path_keys(profile)]:
        why = "Subdomain is off" if unknown[0] == TENANT else "there is no path parameter of that key"
        return f"{label} holds {{{unknown[0]}}}, but {why}."
    return _wrong_sample(_sample(text), label)


def _sample(text: str) -> str:
    text = PLACE.sub("https://x.example", text, count=1) if PLACE.match(text) else text
    return PATH_PLACE.sub("x", PLACE.sub("x", text))


def _wrong_sample(sample: str, label: str) -> str:
    try:
        web_address(sample)
        parts = urlsplit(sample)
    except (ValidationError, ValueError):
        return f"{label} must be a web address: https://…"
    if parts.username or parts.fragment:
        return f"{label} must not hold a user name or a part after #."
    if parts.scheme != "https" and not http.operator_allows(sample):
        return f"{label} must begin with https://, because secrets are sent there."
    return ""


def _path_keys(profile: AuthorizationProfile) -> set[str]:
    own = {str(row.get("key")) for row in profile.authorization_fields if row.get("type") == "path"}
    return own | ({TENANT} if profile.tenancy else set())


def _tenancy(profile: AuthorizationProfile) -> Iterator[tuple[str, str]]:
    if not profile.tenancy:
        return
    if not profile.base_url:
        yield "base_url", "Base URL is missing: with Subdomain on, it says where {tenant} stands."
    elif "{tenant}" not in profile.base_url:
        yield "base_url", "Base URL must hold {tenant}, such as https://{tenant}.example.com."


def _keys(profile: AuthorizationProfile) -> set[str]:
    own = OWN_KEYS.get(profile.type, ())
    return {*own, *(str(row.get("key")) for row in (*profile.additional_fields, *profile.form_fields))}


def _rows(profile: AuthorizationProfile, field: str) -> Iterator[tuple[str, str]]:
    keys = [str(row.get("key") or "") for row in getattr(profile, field)]
    for number, key in enumerate(keys, 1):
        if not re.fullmatch(r"[\w.-]{1,100}", key):
            yield field, f"{LABELS[field]}, row {number}: “{key}” is no key. Use letters, digits, _ and -."
        elif key in keys[: number - 1]:
            yield field, f"{LABELS[field]}, row {number}: the key “{key}” stands there twice."


def _authorization_fields(profile: AuthorizationProfile) -> Iterator[tuple[str, str]]:
    for number, row in enumerate(profile.authorization_fields, 1):
        if words := _wrong_row(profile, row):
            yield "authorization_fields", f"Authorization fields, row {number}: {words}"


def _wrong_row(profile: AuthorizationProfile, row: dict[str, Any]) -> str:
    kind, key, value = row.get("type"), str(row.get("key") or ""), str(row.get("value") or "")
    if kind not in FIELD_TYPES:
        return "the type must be header, payload, query or path."
    if not key or not value:
        return f"the {'key' if not key else 'value'} is missing."
    if missing := [name for name in places(value) if name not in _keys(profile)]:
        return f"{{{{{missing[0]}}}}} is used, but there is no field of that key."
    return _wrong_entry(str(kind), key, value)


def _wrong_entry(kind: str, key: str, value: str) -> str:
    if kind in ("payload", "query") and key.lower() in RESERVED:
        return f"“{key}” is set by the platform itself."
    if kind == "header" and not HEADER_NAME.fullmatch(key):
        return f"“{key}” is no name of a header."
    if any(ord(sign) < 32 for sign in value):  # noqa: PLR2004 -- control characters
        return f"the value of “{key}” holds a line break or another control character."
    return ""
