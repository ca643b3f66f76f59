"""The body of a free request: JSON that keeps its shape, fields of a form, or XML whose values are escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

from xoplatform.core.templating import PLACEHOLDER, Template, render_xml

if TYPE_CHECKING:
    from dialogs.nodes.effects import JSON, BodyFormat
    from xoplatform.core.templating import Variables

#: Stands for a value while the text around it is looked at; no author writes it.
MARK: Final = "placeholder-5f1c"


class _BadXml(Exception):
    """What is wrong, as half a sentence."""


def wrong_body(body: Template | None, body_format: BodyFormat) -> str:
    """What is wrong with a body, as half a sentence; empty for one that will do."""
    if body is None:
        return ""
    if body_format == "xml":
        return _wrong_xml(body.source)
    if body_format == "form":
        return _wrong_form(body)
    return _wrong_json(body.source)


def _wrong_json(source: Any) -> str:
    if isinstance(source, str) and source.lstrip().startswith(("{", "[")) and not source.lstrip().startswith("{{"):
        return "is a text that looks like JSON; write it as JSON, so that what is filled in cannot change its shape"
    return ""


def _wrong_form(body: Template) -> str:
    source = body.source
    if isinstance(source, str) and PLACEHOLDER.fullmatch(source.strip()):
        return ""
    if not isinstance(source, dict):
        return "must be names with values, as a form sends them"
    for name, value in source.items():
        entries = value if isinstance(value, list) else [value]
        if any(isinstance(entry, dict | list) for entry in entries):
            return f"has a value for “{name}” that a form cannot send; a text, or a list of them"
    return ""


def _wrong_xml(source: Any) -> str:
    if not isinstance(source, str) or not source.strip():
        return "must be a text that holds XML"
    count = len(PLACEHOLDER.findall(source))
    try:
        seen = _values_in(PLACEHOLDER.sub(MARK, source))
    except _BadXml as error:
        return str(error)
    if seen != count:
        return "has a placeholder outside of text and attribute values; elsewhere it could change the document"
    return ""


def _values_in(text: str) -> int:
    """How many marks stand where values may be. Raises _BadXml."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    found = [0]

    def refuse(*_details: Any) -> None:
        raise _BadXml("must not declare a document type")

    def declared(_version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "utf-8").lower() not in {"utf-8", "us-ascii"}:
            raise _BadXml(f"declares {encoding}, but is sent as UTF-8")

    class Section:
        inside = False

    def text_of(data: str) -> None:
        # In a CDATA section nothing can be escaped.
        found[0] += 0 if Section.inside else data.count(MARK)

    def begin_section() -> None:
        Section.inside = True

    def end_section() -> None:
        Section.inside = False

    def element(_name: str, attributes: dict[str, str]) -> None:
        found[0] += sum(value.count(MARK) for value in attributes.values())

    parser.StartDoctypeDeclHandler, parser.XmlDeclHandler = refuse, declared
    parser.CharacterDataHandler = text_of
    parser.StartElementHandler = element
    parser.StartCdataSectionHandler, parser.EndCdataSectionHandler = begin_section, end_section
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        words = expat.errors.messages[error.code]
        raise _BadXml(f"is no XML: {words} (line {error.lineno})") from None
    return found[0]


def rendered_body(body: Template | None, body_format: BodyFormat, variables: Variables) -> JSON:
    """What is sent: a structure for JSON and forms, a text for XML."""
    if body is None:
        return None
    return render_xml(str(body.source), variables) if body_format == "xml" else body.render(variables)
