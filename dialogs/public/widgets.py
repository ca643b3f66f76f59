"""How a field of a form is drawn: the keyboard that a phone shows, and what there is to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dialogs.nodes.kinds.form_fields import Field

#: A choice among at most so many is shown at once; others open.
MOST_RADIOS: Final = 5
#: Entity types that a browser has an input for (HTML Standard, the input element).
INPUTS: Final = {"date": "date", "time": "time", "email": "email", "url": "url", "phone": "tel"}
NUMBERS: Final = frozenset({"number", "percentage", "quantity", "currency"})
LONG: Final = frozenset({"description", "address"})
#: What a browser may fill in by itself.
AUTOCOMPLETE: Final = {"email": "email", "phone": "tel", "person": "name", "company": "organization"}


@dataclass(frozen=True)
class Widget:
    """``control`` is text, textarea, select or radio; ``options`` are (title, the words that choose it)."""

    control: str
    type: str = "text"
    inputmode: str = ""
    autocomplete: str = "off"
    max_length: int | None = None
    options: tuple[tuple[str, str], ...] = ()


def widget_of(field: Field) -> Widget:
    """What to draw for a field's type."""
    entity = field.entity
    if options := entity.reader.options():
        return Widget("radio" if len(options) <= MOST_RADIOS else "select", options=options)
    if entity.type in LONG:
        return Widget("textarea", max_length=entity.max_length)
    if entity.sensitive:
        return Widget("text", "password", max_length=entity.max_length)
    inputmode = "decimal" if entity.type in NUMBERS else ""
    complete = AUTOCOMPLETE.get(entity.type, "off")
    return Widget("text", INPUTS.get(entity.type, "text"), inputmode, complete, entity.max_length)
