"""Web addresses (http and https), alone or as the only one in a sentence. Whether a page is there is not asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urlsplit

import idna

from dialogs.nodes.saying import say
from dialogs.nodes.values.base import LONGEST, Circumstances, Found, Reading, Several, Span, Unfit, ValueType, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD = re.compile(r"[^\s<>\"“”]{1,1000}")
IN_A_SENTENCE = re.compile(r"(?<!\w)(?:https?://|www\.)[^\s<>\"“”]{1,1000}", re.IGNORECASE)
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}:(?!\d)")
AROUND = ".,;:!?'()[]{}"
MOST = 5


class Url(ValueType):
    """A web address with http or https."""

    name = "url"

    def read(self, text: str, around: Circumstances) -> Reading:
        words = [match[0].strip(AROUND) for match in WORD.finditer(text[:LONGEST])]
        # A lone word needs no scheme; in a sentence "e.g." is no address.
        found = [_address(word) for word in words if len(words) == 1 or IN_A_SENTENCE.match(word)]
        addresses = [address for address in dict.fromkeys(found) if address]
        if len(addresses) == 1:
            return Found(addresses[0])
        if addresses:
            return Several(tuple((address, address) for address in addresses[:MOST]))
        return Unfit(say("“{words}” is not a web address such as https://example.com/page.", words=shortened(text)))

    def spots(self, text: str, around: Circumstances) -> Iterator[Span]:
        for match in IN_A_SENTENCE.finditer(text[:LONGEST]):
            yield Span(match.start(), match.start() + len(match[0].rstrip(AROUND)))


def _address(word: str) -> str | None:
    """The address with scheme and host in lower case (RFC 3986 section 6.2.2.1), or None for what is none."""
    try:
        parts = urlsplit(word if SCHEME.match(word) else f"https://{word}")
        host, port = _host(parts.hostname or ""), parts.port
    except (ValueError, UnicodeError):
        return None
    # A name and password in an address would be read by everybody who sees it.
    if parts.scheme.lower() not in {"http", "https"} or not host or "@" in parts.netloc:
        return None
    netloc = host if port is None else f"{host}:{port}"
    return SplitResult(parts.scheme.lower(), netloc, *(_encoded(part) for part in parts[2:])).geturl()


def _host(name: str) -> str:
    """A host's name as it is looked up (RFC 5891). Raises UnicodeError for what is none."""
    if "." not in name:
        return ""
    if re.fullmatch(r"[\d.]{7,15}", name, re.ASCII):
        parts = name.split(".")
        return name if len(parts) == 4 and all(part and int(part) <= 255 for part in parts) else ""  # noqa: PLR2004 -- IPv4
    return idna.encode(name, uts46=True).decode()


def _encoded(part: str) -> str:
    return quote(part, safe="%/:?#[]@!$&'()*+,;=-._~")
