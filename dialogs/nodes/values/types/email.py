"""E-mail addresses, alone or as the only one in a sentence."""

from __future__ import annotations

import re

from dialogs.nodes.values.base import Circumstances, Found, Reading, Several, Unfit, ValueType

from .listing import shortened

#: The common form (RFC 5321 sections 4.1.2 and 4.5.3.1 without quoted parts), every repetition bounded.
ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}){0,8}"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}"
)
LONGEST = 254


class Email(ValueType):
    name = "email"

    def read(self, text: str, around: Circumstances) -> Reading:
        words = (word.strip("<>()[]{}.,;:!?\"'").removeprefix("mailto:") for word in text.split() if "@" in word)
        addresses = [word for word in dict.fromkeys(words) if len(word) <= LONGEST and ADDRESS.fullmatch(word)]
        if len(addresses) == 1:
            return Found(addresses[0])
        if addresses:
            return Several(tuple((address, address) for address in addresses[:5]))
        return Unfit(f"“{shortened(text)}” is not an e-mail address.")
