"""Short-lived tokens with which a browser acts as one end user: signed, stored nowhere."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from django.core import signing

from .models import ApiKey, EndUser

if TYPE_CHECKING:
    from datetime import datetime
from django.utils import timezone

MARK: Final = "xop_"
SALT: Final = "xoplatform.person_token"
LIFE: Final = timedelta(minutes=15)
LONGEST_LIFE: Final = timedelta(hours=1)


class Holder(NamedTuple):
    """The key that a token was minted with, the person it speaks for, and whether whoever minted it signed them in."""

    key: ApiKey
    end_user: EndUser
    signed_in: bool


def mint(key: ApiKey, end_user: EndUser, life: timedelta = LIFE, *, signed_in: bool = False) -> tuple[str, datetime]:
    """A token for this person, good for ``life`` (one hour at most) and no longer than the key; and when it ends.

    ``signed_in``: the site that asks for it has signed the person in.
    """
    ends = timezone.now() + min(life, LONGEST_LIFE)
    if key.expires_at is not None:
        ends = min(ends, key.expires_at)
    content = {"k": key.prefix, "p": end_user.pk, "e": int(ends.timestamp()), "s": signed_in}
    return MARK + signing.dumps(content, salt=SALT), ends


def read(token: str) -> Holder | None:
    """Whose it is; None once it, the key or the person ended.

    Two queries.
    """
    try:
        content = signing.loads(token.removeprefix(MARK), salt=SALT)
    except signing.BadSignature:
        return None
    if content["e"] <= timezone.now().timestamp():
        return None
    key = ApiKey.objects.select_related("app").filter(prefix=content["k"]).first()
    if key is None or not key.is_active:
        return None
    person = EndUser.objects.filter(pk=content["p"], app_id=key.app_id).first()
    return Holder(key, person, bool(content.get("s"))) if person is not None else None
