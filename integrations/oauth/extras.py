"""What goes into token requests beside what RFC 6749 puts there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Extras:
    """Headers, parts of the body and parts of the query. The values may be secret, so ``repr`` hides them."""

    header: Mapping[str, str] = field(default_factory=dict, repr=False)
    payload: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)


def with_query(url: str, query: Mapping[str, str]) -> str:
    """The address with these parameters in its query; a parameter that stands there already is replaced."""
    if not query:
        return url
    parts = urlsplit(url)
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in query]
    return _with(parts, [*kept, *query.items()])


def without_query(url: str, names: frozenset[str]) -> str:
    """The address without these parameters of its query."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if not any(name in names for name, _value in pairs):
        return url
    return _with(parts, [(k, v) for k, v in pairs if k not in names])


def query_of(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def _with(parts: SplitResult, pairs: list[tuple[str, str]]) -> str:
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(pairs), parts.fragment))
