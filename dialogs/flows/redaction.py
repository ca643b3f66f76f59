"""What was said and done, as it may be shown again: without secrets, and without links that are one person's alone."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from xoplatform.logs import HIDDEN, redact

#: The address of an authorization link or a form; what follows is its token.
LINK: Final = re.compile(r"(/(?:authorize|forms)/)[\w-]{20,}/?", re.ASCII)


def without_links(text: str) -> str:
    """A text whose authorization links cannot be opened: they are for one person, and no one else's to use."""
    return LINK.sub(rf"\g<1>{HIDDEN}/", text)


def shown(value: Any) -> Any:
    """A JSON value, redacted once more, so that a row written by older code shows nothing either."""
    return json.loads(without_links(json.dumps(redact(value), ensure_ascii=False)))
