"""The Instructions tab: a provider's own words, its callback URL, what is supported, what is asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from integrations.flows.clients import callback_url
from integrations.models import Action

from .display import copyable

if TYPE_CHECKING:
    from integrations.catalog.base import Provider
    from integrations.catalog.manifest import Manifest

INLINE = (
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"\*(.+?)\*"), r"<em>\1</em>"),
    (re.compile(r"`(.+?)`"), r'<code class="xo-code">\1</code>'),
)
ITEM = re.compile(r"(?:- |\d+\. )")
NEW_ITEM = re.compile(r"^(?:- |\d+\. )", re.MULTILINE)


def instructions_of(provider: Provider) -> dict[str, Any]:
    """The context of the Instructions tab."""
    manifest = provider.manifest
    return {
        "instructions": prose(manifest.instructions),
        "support": _support(manifest),
        "scopes": [
            (s, manifest.authorization.oauth.scope_words.get(s, "")) for s in manifest.authorization.oauth.scopes
        ],
        "templates": provider.templates,
    }


def prose(text: str) -> SafeString:
    """Headings (``##``), paragraphs, lists, bold, emphasis and code of a manifest's text as HTML.

    Everything else is shown as it stands; ``{callback_url}`` becomes the address with its copy button.
    """
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    return mark_safe("\n".join(_block(block) for block in blocks))  # noqa: S308 -- each block is escaped below


def _block(block: str) -> str:
    if block == "{callback_url}":
        return copyable(callback_url(), "the Callback URL")
    if block.startswith("## "):
        return format_html('<h2 class="xo-title">{}</h2>', block[3:])
    if ITEM.match(block):
        tag = "ul" if block.startswith("- ") else "ol"
        items = [f"<li>{_inline(item)}</li>" for item in NEW_ITEM.split(block) if item.strip()]
        return f"<{tag}>{''.join(items)}</{tag}>"
    return f"<p>{_inline(block)}</p>"


def _inline(text: str) -> str:
    html = str(escape(" ".join(text.split())))
    for pattern, replacement in INLINE:
        html = pattern.sub(replacement, html)
    return html


def _support(manifest: Manifest) -> list[tuple[str, list[tuple[str, bool]]]]:
    """The table of type by card: which combinations this release can authorize."""
    offered = manifest.authorization
    return [
        (str(kind.label), [(str(card.label), kind in offered.types and card in offered.cards) for card in Action.Card])
        for kind in Action.AuthorizationType
    ]
