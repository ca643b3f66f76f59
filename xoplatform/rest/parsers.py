"""JSON bodies: limited in size, and free of what no database could store."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NoReturn

from django.conf import settings
from rest_framework.parsers import BaseParser

from .errors import BodyTooLarge, UnreadableBody

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import IO

#: Larger whole numbers fit no column.
LARGEST = 2**63 - 1
#: Lists and objects inside each other; what is nested deeper nobody wrote.
DEEPEST = 100


class JSONParser(BaseParser):
    """Raises BodyTooLarge and UnreadableBody."""

    media_type = "application/json"
    #: Most bytes; DATA_UPLOAD_MAX_MEMORY_SIZE where a view does not say otherwise.
    limit: int | None = None

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit = self.limit or settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise BodyTooLarge(limit=f"{limit:,}")
        return read(raw)


def read(raw: bytes) -> Any:
    """The value of a JSON text (RFC 8259). Raises UnreadableBody."""
    try:
        text = raw.decode("utf-8")
        value = json.loads(text, parse_constant=_no_constant, parse_int=_whole, parse_float=_finite)
    except RecursionError:
        raise UnreadableBody(reason="it is nested too deeply.") from None
    except UnicodeDecodeError:
        raise UnreadableBody(reason="it is not UTF-8.") from None
    except ValueError as error:
        raise UnreadableBody(reason=f"it is not JSON ({str(error)[:100]}).") from None
    if text.count("[") + text.count("{") > DEEPEST and _deeper_than(DEEPEST, value):
        raise UnreadableBody(reason="it is nested too deeply.")
    if "\\u" in text:
        _check_text(value)
    return value


def _deeper_than(levels: int, value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_deeper_than(levels - 1, one) for one in inner if isinstance(one, dict | list))


def _no_constant(name: str) -> NoReturn:
    message = f"{name} is no JSON number"
    raise ValueError(message)


def _whole(digits: str) -> int:
    if len(digits) > len(str(LARGEST)) + 1 or abs(int(digits)) > LARGEST:
        message = "a whole number is too large"
        raise ValueError(message)
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        message = "a number is too large"
        raise ValueError(message)
    return number


def _check_text(value: Any) -> None:
    """An escaped NUL, or half of a surrogate pair, is valid JSON and no text that can be stored."""
    try:
        text = json.dumps(value, ensure_ascii=False)
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UnreadableBody(reason="it holds half of a character.") from None
    if "\\u0000" in text:
        raise UnreadableBody(reason="it holds the character NUL.")
