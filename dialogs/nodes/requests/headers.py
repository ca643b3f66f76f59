"""The headers of a free request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from dialogs.nodes.fields import FieldError, Spec
from xoplatform.core.templating import Template

if TYPE_CHECKING:
    from collections.abc import Iterable

#: RFC 9110 section 5.6.2: a token.
NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
#: Made from the authorization profile, so that no secret stands in a dialog that people read and export.
CREDENTIALS: Final = frozenset({"authorization", "proxy-authorization", "cookie"})
#: Made by the connection and the body (RFC 9110 sections 7.2 and 8.6, RFC 9112 section 6.1).
GENERATED: Final = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect", "keep-alive"}
)
MOST: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers(Spec):
    """Names with values that may hold placeholders."""

    json_type: ClassVar[str] = "object"

    def read(self, value: Any) -> dict[str, Template]:
        if not isinstance(value, dict):
            raise FieldError("must be names with values")
        if len(value) > MOST:
            raise FieldError(f"has {len(value)} entries; {MOST} is the most")
        return {_name(name): _value(name, text) for name, text in value.items()}

    def schema(self) -> dict[str, Any]:
        return Spec.schema(self) | {"format": "headers", "additionalProperties": {"type": "string"}}

    def templates(self, value: dict[str, Template] | None) -> Iterable[Template]:
        return (value or {}).values()


def _name(name: Any) -> str:
    text = str(name)
    if not NAME.fullmatch(text):
        raise FieldError(f"has “{text}”, which is no name of a header: letters, digits and - make one")
    if text.lower() in CREDENTIALS:
        raise FieldError(f"must not hold “{text}”; choose an authorization profile, which keeps its secret hidden")
    if text.lower() in GENERATED:
        raise FieldError(f"must not hold “{text}”; it is made from address and body")
    return text


def _value(name: Any, value: Any) -> Template:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise FieldError(f"has no text for “{name}”")
    if re.search(r"[\r\n\x00]", str(value)):
        raise FieldError(f"has a line break in “{name}”")
    return Template(str(value))
