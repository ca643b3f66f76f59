"""Web addresses of an author's: the host is fixed, and what is filled in stays a part of the path or query."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from xoplatform.core.templating import Template, render_url_part

from .fields import FieldError, Spec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Scheme and host (RFC 3986 section 3.2), without user information, and without placeholders.
ORIGIN: Final = re.compile(r"https?://(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?(?=[/?]|$)")


@dataclass(frozen=True, slots=True, eq=False)
class Address:
    """An address with placeholders."""

    source: str
    template: Template

    def fill(self, variables: Mapping[str, Any]) -> str:
        """The address, each value percent-encoded. Raises UnsafeUrlPart for one that would change where it leads."""
        return render_url_part(self.source, variables)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressField(Spec):
    """A web address; placeholders may stand behind the host."""

    def read(self, value: Any) -> Address:
        if not isinstance(value, str) or not ORIGIN.match(value.strip()):
            raise FieldError("must be an address such as https://example.com/path; no placeholder in front of the path")
        return Address(value.strip(), Template(value.strip()))

    def schema(self) -> dict[str, Any]:
        return Spec.schema(self) | {"format": "uri-template"}

    def templates(self, value: Address | None) -> Iterable[Template]:
        return () if value is None else (value.template,)
