"""``Idempotency-Key`` (draft-ietf-httpapi-idempotency-key-header): the same request twice is carried out once.

The answer of a request that succeeded is kept for a day and given again. One that was refused changed nothing, so its
key may be used again with what was mended. One whose process died is believed to be at work for a minute; after that it
may be tried again, and what it did until then is not known.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from xoplatform.models import KeptAnswer

from .errors import BadIdempotencyKey, KeyUsedForAnother, StillAtWork

if TYPE_CHECKING:
    from rest_framework.request import Request

    from .callers import Caller

HEADER: Final = "Idempotency-Key"
KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")
#: How long an answer is kept, and how long a request without one counts as being worked on.
KEPT: Final = timedelta(hours=24)
HELD: Final = timedelta(minutes=1)
SUCCESS: Final = range(200, 300)
#: Set on a response that succeeded in telling that nothing was done: its key stays free.
FREE: Final = "leaves_key_free"
#: Headers that belong to the answer itself.
OWN_HEADERS: Final = ("ETag", "Location")


class Replayed(Exception):
    """The request was answered before; this is the answer."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__()


def begin(request: Request, caller: Caller, held: timedelta = HELD) -> KeptAnswer | None:
    """Holds the request's key for as long as it may be at work; None when it has none.

    Raises Replayed with the answer of the first time, StillAtWork, KeyUsedForAnother and BadIdempotencyKey.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not KEY.fullmatch(key):
        raise BadIdempotencyKey
    row = KeptAnswer(caller=caller.mark, key=key, fingerprint=_fingerprint(request), held_until=timezone.now() + held)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return _again(row)
    return row


def _again(row: KeptAnswer) -> KeptAnswer:
    known = KeptAnswer.objects.filter(caller=row.caller, key=row.key).first()
    if known is None:
        raise StillAtWork  # it was refused this instant
    if known.fingerprint != row.fingerprint:
        raise KeyUsedForAnother
    if known.status is not None:
        raise Replayed(_kept(known))
    rows = KeptAnswer.objects.filter(pk=known.pk, status=None, held_until=known.held_until)
    if known.held_until > timezone.now() or not rows.update(held_until=row.held_until):
        raise StillAtWork
    known.held_until = row.held_until
    return known


def end(row: KeptAnswer, response: Any) -> None:
    """Keeps the answer of a request that succeeded, and lets go of the key of one that did not."""
    mine = KeptAnswer.objects.filter(pk=row.pk, held_until=row.held_until)
    if response.status_code not in SUCCESS or not hasattr(response, "data") or getattr(response, FREE, False):
        mine.delete()
        return
    row.status = response.status_code
    row.headers = {name: response[name] for name in OWN_HEADERS if name in response}
    row.body = json.dumps(response.data, cls=JSONEncoder)
    row.save(update_fields=["status", "headers", "body"])


def _kept(row: KeptAnswer) -> Response:
    response = Response(json.loads(row.body.reveal()), status=row.status, headers=row.headers)
    response["Idempotency-Replayed"] = "true"
    return response


def _fingerprint(request: Request) -> str:
    content = json.dumps(request.data, cls=JSONEncoder, sort_keys=True, default=str)
    told = f"{request.method}\n{request.get_full_path()}\n{content}"
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def prune() -> int:
    """Daily: forgets answers that were kept long enough; how many."""
    count, _per_model = KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    return count
