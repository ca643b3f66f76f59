"""Which keys stored secrets may need: noted when seen, retired when nothing is left that only they can read."""

from __future__ import annotations

from django.utils import timezone

from xoplatform.core.keyring import fingerprints
from xoplatform.models import EncryptionKey


def note() -> None:
    """Notes the keys in force. A retired one that stands in front again is needed again."""
    front, *others = fingerprints()
    known = set(EncryptionKey.objects.values_list("fingerprint", flat=True))
    for one in (*others, front):
        if one not in known:
            EncryptionKey.objects.get_or_create(fingerprint=one)
    EncryptionKey.objects.filter(fingerprint=front, led_at=None).update(led_at=timezone.now())
    EncryptionKey.objects.filter(fingerprint=front).exclude(retired_at=None).update(retired_at=None)


def lead() -> bool:
    """Makes the key in front the one that all others give way to; whether another one was before."""
    note()
    if leads():
        return False
    EncryptionKey.objects.filter(fingerprint=fingerprints()[0]).update(led_at=timezone.now())
    return True


def leads() -> bool:
    """Whether the key in front is the last one that came to the front.

    It is not in a process that was not restarted yet: that one must not undo what the others do.
    """
    last = EncryptionKey.objects.exclude(led_at=None).order_by("-led_at", "-pk").first()
    return last is not None and last.fingerprint == fingerprints()[0]


def lost() -> list[str]:
    """Fingerprints of keys that stored secrets may need and that this process does not have."""
    needed = EncryptionKey.objects.filter(retired_at=None).exclude(fingerprint__in=fingerprints())
    return list(needed.values_list("fingerprint", flat=True))


def is_rotating() -> bool:
    """Whether secrets may still need another key than the first."""
    others = EncryptionKey.objects.filter(retired_at=None).exclude(fingerprint=fingerprints()[0])
    return others.exists()


def has_needed() -> bool:
    """Whether secrets may still need one of the older keys that this process has."""
    return EncryptionKey.objects.filter(retired_at=None, fingerprint__in=fingerprints()[1:]).exists()


def retire(*, unread: int) -> list[str]:
    """Retires all but the first key; the fingerprints of those that can be dropped now.

    ``unread``: how many values no key reads. While there are any, a key that is not here may be the one they need.
    """
    front, *others = fingerprints()
    rest = EncryptionKey.objects.exclude(fingerprint=front)
    if unread:
        rest = rest.filter(fingerprint__in=others)
    rest.filter(retired_at=None).update(retired_at=timezone.now())
    return others


def recall() -> None:
    """Values were found under older keys although those were retired: they are needed until this is mended."""
    EncryptionKey.objects.filter(fingerprint__in=fingerprints()[1:]).update(retired_at=None)


def give_up(fingerprint: str) -> bool:
    """Asks no more for a lost key, and with it for all that only it could read; whether there was such a key."""
    found = EncryptionKey.objects.filter(fingerprint=fingerprint, retired_at=None)
    return bool(found.exclude(fingerprint__in=fingerprints()).update(retired_at=timezone.now()))
