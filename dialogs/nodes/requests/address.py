"""The address of a free request: scheme and host are the author's own, what people type is a part of path or query."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from dialogs.nodes.fields import FieldError, Spec
from xoplatform.core.templating import PLACEHOLDER, Template

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_CHARACTERS: Final = 3000
BEGINNING: Final = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
#: RFC 1123 section 2.1, and IP addresses; with a port.
HOST: Final = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(Spec):
    """An absolute address whose path and query may hold placeholders."""

    def read(self, value: Any) -> Template:
        if not isinstance(value, str) or not value.strip():
            raise FieldError("must be an address such as https://api.example.com/things")
        address = Template(value.strip())
        if words := _wrong(address.source):
            raise FieldError(words)
        return address

    def schema(self) -> dict[str, Any]:
        return Spec.schema(self) | {"format": "address"}

    def templates(self, value: Template | None) -> Iterable[Template]:
        return () if value is None else (value,)


def _wrong(text: str) -> str:
    """What is wrong with an address, as half a sentence; empty for one that will do."""
    beginning = BEGINNING.match(text)
    if beginning is None:
        return "must begin with https:// and name a host"
    return _wrong_host(beginning[1]) or _wrong_rest(text)


def _wrong_host(host: str) -> str:
    if "{{" in host or "}}" in host:
        return "must name its host itself: what is filled in may only stand behind it"
    if "@" in host:
        return "must not hold a user name; choose an authorization profile"
    if not HOST.fullmatch(host):
        return f"must name a host behind https://, not “{host}”" if host else "has no host behind https://"
    return ""


def _wrong_rest(text: str) -> str:
    sample = PLACEHOLDER.sub("x", text)
    if "#" in sample:
        return "must not hold a part behind #; it would not be sent"
    if re.search(r"[\s\x00-\x1f<>\"\\^`{}|]", sample):
        return "holds a blank or a sign that cannot stand in an address; write it percent-encoded"
    if len(text) > MOST_CHARACTERS:
        return f"may have {MOST_CHARACTERS} characters at most"
    try:
        urlsplit(sample).port  # noqa: B018 -- reading it checks it
    except ValueError:
        return "names a port that does not exist"
    return ""


def host_of(url: str) -> str:
    """The host of an address, with its port if it names one."""
    return urlsplit(url).netloc
