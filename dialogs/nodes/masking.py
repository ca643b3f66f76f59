"""What is kept of a sensitive value in transcripts, traces and logs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from xoplatform.logs import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .effects import ScriptRunner

MODES: Final = ("redact", "replace", "mask")
#: An author's pattern over a whole message can be one that never ends, so it runs in the script sandbox.
SECONDS: Final = 0.25
IN_JAVASCRIPT: Final = """
const {pattern, text, mode, replacement} = context;
const shown = (found) => mode === "mask" ? found.replace(/[^\\s-](?=.{4})/gs, "*") : replacement;
print(JSON.stringify(text.replace(new RegExp(pattern, "g"), (found) => found === "" ? "" : shown(found))));
"""
#: Shorter texts stand everywhere; putting signs in their place would tell more than it hides.
SHORTEST: Final = 3
LAST_SHOWN: Final = 4


@dataclass(frozen=True, slots=True)
class Mask:
    """How a sensitive value is hidden: "redact" puts a fixed word in its place, "replace" a word of the author's,
    "mask" stars for all but the last four signs. With a ``pattern`` only what fits it is hidden in a message, without
    one the whole message.
    """

    pattern: str | None = None
    mode: str = "redact"
    replacement: str = ""

    @property
    def word(self) -> str:
        return self.replacement if self.mode == "replace" and self.replacement else HIDDEN

    def message(self, text: str, scripts: ScriptRunner) -> str:
        """What may be kept of a message that holds the value."""
        if self.pattern is None:
            return self.word
        given = {"pattern": self.pattern, "text": text, "mode": self.mode, "replacement": self.word}
        result = scripts.run(IN_JAVASCRIPT, given, SECONDS)
        if result.error or len(result.printed) != 1:
            return HIDDEN
        return str(json.loads(result.printed[0]))

    def value(self, text: str) -> str:
        """What stands in place of the value wherever it would be shown."""
        if self.mode == "mask" and len(text) > LAST_SHOWN * 2:
            return "*" * (len(text) - LAST_SHOWN) + text[-LAST_SHOWN:]
        return "*" * len(text) if self.mode == "mask" else self.word


def texts_in(value: Any) -> Iterator[str]:
    """The texts of a value, as they would be written in a sentence."""
    if isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts_in(part)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        text = str(value)
        if len(text) >= SHORTEST:
            yield text


def scrubbed(document: Any, secrets: tuple[tuple[str, str], ...]) -> Any:
    """A copy of JSON with every secret text replaced; keys are left as they are."""
    if not secrets:
        return document
    if isinstance(document, str):
        for text, shown in secrets:
            document = document.replace(text, shown)
        return document
    if isinstance(document, dict):
        return {key: scrubbed(part, secrets) for key, part in document.items()}
    if isinstance(document, list | tuple):
        return [scrubbed(part, secrets) for part in document]
    if isinstance(document, int | float) and not isinstance(document, bool):
        return dict(secrets).get(str(document), document)
    return document
