"""The short code that ties a consent in the browser to the conversation the link was given in."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from integrations.link_errors import CodesUsedUp
from integrations.models import AuthorizationLink

from .finding import live

#: Without letters and digits that are mistaken for each other.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
LENGTH = 6
LIFETIME = timedelta(minutes=10)
#: Wrong codes that a link forgives. Of 31^6 codes, five guesses hit one in 170 million times.
ATTEMPTS = 5


def new_code(link: AuthorizationLink) -> str:
    """A fresh code for the page to show; the one before is void. Only its keyed hash is kept. Raises CodesUsedUp."""
    if link.code_attempts >= ATTEMPTS:
        raise CodesUsedUp(link)
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    rows = AuthorizationLink.objects.filter(pk=link.pk)
    rows.update(code_hash=_hash(link.pk, code), code_expires_at=timezone.now() + LIFETIME)
    link.refresh_from_db()
    return code


def check_code(app_id: int, end_user_id: int, provider: str, code: str) -> AuthorizationLink | None:
    """The link whose code this person typed back, or None. The link stays usable: finishing is the caller's.

    A code belongs to its person: nobody else's opens it. A link forgives five wrong codes in all.
    """
    waiting = live().filter(
        action__app_id=app_id, action__provider=provider, end_user_id=end_user_id, code_expires_at__gt=timezone.now()
    )
    rows = waiting.exclude(code_hash="").select_related("action__app", "action__profile", "end_user")
    return next((link for link in rows if _try(link, code)), None)


def _try(link: AuthorizationLink, code: str) -> bool:
    # Counting first, in one UPDATE, keeps parallel guesses from sharing one attempt.
    rows = AuthorizationLink.objects.filter(pk=link.pk, code_attempts__lt=ATTEMPTS)
    if not rows.update(code_attempts=F("code_attempts") + 1):
        return False
    typed = "".join(code.split()).replace("-", "").upper()
    return hmac.compare_digest(link.code_hash, _hash(link.pk, typed))


def _hash(pk: int, code: str) -> str:
    return salted_hmac("integrations.links.code", f"{pk}:{code}", algorithm="sha256").hexdigest()
