"""How a request says who makes it: a key or an end user's token as bearer (RFC 6750), or a staff session with CSRF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from rest_framework import authentication

from xoplatform import api_keys, person_tokens

from .callers import Caller
from .errors import NotSignedIn

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from rest_framework.request import Request

SCHEME = "bearer"


class BearerAuthentication(authentication.BaseAuthentication):
    """A key of an App, or a token that one minted for an end user."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Caller] | None:
        scheme, _space, value = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        caller = caller_of(value.strip())
        if caller is None:
            raise NotSignedIn
        return AnonymousUser(), caller

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="XO Platform"'


def caller_of(value: str) -> Caller | None:
    """Who a bearer value speaks for; None when it opens nothing. One query for a key, two for a person's token."""
    if value.startswith(person_tokens.MARK):
        found = person_tokens.read(value)
        return Caller(key=found.key, end_user=found.end_user, signed_in=found.signed_in) if found else None
    key = api_keys.find(value)
    if key is None:
        return None
    api_keys.note_use(key)
    return Caller(key=key)


class StaffSessionAuthentication(authentication.SessionAuthentication):
    """A signed-in staff user; what changes something needs the CSRF token as in admin."""

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser, Caller] | None:
        found = super().authenticate(request)
        if found is None or not found[0].is_staff:
            return None
        return found[0], Caller(user=found[0])
