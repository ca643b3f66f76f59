"""Addresses of sites as people type or paste them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from integrations.errors import SiteRefused

if TYPE_CHECKING:
    from integrations.catalog.manifest import Basic, Manifest

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}")


def site_address(manifest: Manifest, typed: str) -> str:
    """The site's own address without a final slash, from an address of any of its pages.

    Raises SiteRefused for everything that is not a site of the provider by its manifest: an API token is sent there.
    """
    basic = manifest.authorization.basic
    text = typed.strip()
    found = basic and (_stand_in(basic, text) or _real(basic, text))
    if not basic or not found:
        example = basic.site_example if basic else manifest.title
        raise SiteRefused(provider=manifest.title, site=text[:200], example=example)
    return found


def _real(basic: Basic, text: str) -> str:
    parts = _parts(text if "://" in text else f"https://{text}")
    if parts is None or parts.scheme != "https" or parts.username is not None or parts.port not in (None, 443):
        return ""
    host = (parts.hostname or "").rstrip(".")
    return f"https://{host}" if re.fullmatch(basic.site_host, host) else ""


def _stand_in(basic: Basic, text: str) -> str:
    """An address below the one that the operator set, which may be plain http on a private host."""
    start = basic.also.url() if basic.also else ""
    if not start.startswith(("http://", "https://")) or not text.startswith(start):
        return ""
    name = NAME.match(text.removeprefix(start))
    rest = text.removeprefix(start)[name.end() :] if name else ""
    return f"{start}{name[0]}" if name and (not rest or rest[0] in "/?#") else ""


def _parts(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 -- raises for a port that is no number
    except ValueError:
        return None
    return parts


def name_of_site(address: str) -> str:
    """What people call the site: the first part of its host, or the stand-in's name."""
    parts = urlsplit(address)
    return parts.path.rstrip("/").rpartition("/")[2] or (parts.hostname or "").partition(".")[0]
