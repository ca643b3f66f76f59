"""Takes known secrets out of what comes back: some servers send a request's credentials back in their answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

from xoplatform.core.crypto import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def forms_of(secrets: Iterable[str]) -> list[str]:
    """The secrets in each form in which a server may send them back; the longest first."""
    forms = {
        form
        for text in secrets
        if text
        for form in (text, quote(text, safe=""), quote_plus(text), json.dumps(text)[1:-1])
    }
    return sorted(forms, key=len, reverse=True)


def mask(value: Any, hidden: Sequence[str]) -> Any:
    """A copy of ``value`` in which none of the texts of `forms_of` stands, in keys or values."""
    if not hidden:
        return value
    if isinstance(value, dict):
        return {mask(key, hidden): mask(item, hidden) for key, item in value.items()}
    if isinstance(value, list):
        return [mask(item, hidden) for item in value]
    if isinstance(value, str):
        for text in hidden:
            value = value.replace(text, HIDDEN)
    return value
