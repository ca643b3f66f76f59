"""What can be wrong with a request before any resource looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xoplatform.core.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Iterable


class NotSignedIn(PlatformError):
    """The request has no valid key, token or staff session. Nothing was done. Send "Authorization: Bearer <key>"."""

    code = "not_signed_in"
    status = 401


class NotAllowed(PlatformError):
    """{who} may not do this: it needs {needed}. Nothing was changed. An owner of the App can give it."""

    code = "not_allowed"
    status = 403


class NotHere(PlatformError):
    """There is no such {what} here, or it belongs to an App that you may not see. Nothing was done."""

    code = "not_found"
    status = 404


class BodyTooLarge(PlatformError):
    """The request's body is larger than {limit} bytes. Nothing of it was taken. Send less."""

    code = "body_too_large"
    status = 413


class UnreadableBody(PlatformError):
    """The request's body cannot be used: {reason} Nothing was changed. Mend it and send it again."""

    code = "unreadable_body"


class Changed(PlatformError):
    """It has changed since you read it, so If-Match does not hold. Nothing was changed. Read it again and repeat."""

    code = "changed_meanwhile"
    status = 412


class TooManyRequests(PlatformError):
    """More than {limit} requests in a minute. This one was not carried out. Wait {seconds} seconds."""

    code = "too_many_requests"
    status = 429


class KeyUsedForAnother(PlatformError):
    """This Idempotency-Key came with another request before. Nothing was done. Use a new one for each request."""

    code = "idempotency_key_reused"
    status = 422


class StillAtWork(PlatformError):
    """A request with this Idempotency-Key is being carried out. This one was not. Send it again in a moment."""

    code = "request_in_progress"
    status = 409


class BadIdempotencyKey(PlatformError):
    """An Idempotency-Key is 1 to 255 printable characters. Nothing was done. Use a UUID, for example."""

    code = "bad_idempotency_key"


class BadCursor(PlatformError):
    """The cursor is not one that this list gave. Nothing was read. Begin again without it."""

    code = "bad_cursor"


class Invalid(PlatformError):
    """Some of what was sent cannot be used. Nothing was changed."""

    code = "invalid"

    def __init__(self, faults: Iterable[tuple[Iterable[str | int], str]]) -> None:
        """``faults`` are the steps that lead to a field, and what is wrong there in a sentence."""
        self.faults = [(pointer_to(path), words) for path, words in faults]
        super().__init__()

    @property
    def more(self) -> dict[str, Any]:
        return {"errors": [{"pointer": where, "code": "invalid", "detail": words} for where, words in self.faults]}


def pointer_to(path: Iterable[str | int]) -> str:
    """A JSON Pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
