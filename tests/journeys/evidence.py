"""Everything that a stack left behind or answered, and the search for secrets in it."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import requests

from xoplatform import local_env

from . import mailbox

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Settings of a stack that is to be searched: everything is logged, and what the queue carried is kept.
WATCHED = {"DJANGO_SETTINGS_MODULE": "tests.journeys.watched", "XO_LOG_LEVEL": "DEBUG"}
#: What such a stack leaves behind.
FILES = ("stack.log", "queue/**/*", "db.sqlite3*", "mailbox/*.eml")
#: A line of the stack's log that the stand-in Atlassian wrote: what that prints is not ours to keep quiet.
OF_THE_SANDBOX = re.compile(rb"^\S+ sandbox +\|.*\n?", re.MULTILINE)
#: How many characters of a secret are enough to tell it from anything else.
TELLING = 20


@dataclass(frozen=True)
class Secret:
    """Something that was issued in confidence. ``kind`` as the sandbox names it, such as ``refresh_token``."""

    kind: str
    value: str


@dataclass
class Evidence:
    """What was seen, each with the place where it was seen."""

    seen: list[tuple[str, bytes]] = field(default_factory=list)

    def add(self, place: str, content: str | bytes) -> None:
        self.seen.append((place, content.encode() if isinstance(content, str) else content))

    def add_files(self, folder: Path, *patterns: str) -> None:
        """Every file there that matches. Raises FileNotFoundError when none does: then nothing was looked at."""
        for pattern in patterns:
            found = [path for path in sorted(folder.glob(pattern)) if path.is_file()]
            if not found:
                raise FileNotFoundError(f"nothing matches {pattern} in the stack's folder")
            for path in found:
                self.add(path.relative_to(folder).as_posix(), OF_THE_SANDBOX.sub(b"", path.read_bytes()))

    def add_stack(self, environment: Mapping[str, str]) -> None:
        """What this stack has written so far: logs, queue, database and mails."""
        self.add_files(Path(environment["XO_VAR_DIR"]), *FILES)
        for number, text in enumerate(mailbox.texts(environment)):
            self.add(f"mail {number}", text)

    def leaks(self, secrets: Iterable[Secret]) -> list[str]:
        """Which kind of secret can be read in which place, however it is written; never the secret itself."""
        forms = [(secret.kind, form) for secret in secrets for form in spellings(secret.value)]
        return sorted({f"{kind} in {place}" for place, content in self.seen for kind, form in forms if form in content})

    def text(self, *places: str) -> str:
        """What was seen in places that begin so."""
        return b"\n".join(content for place, content in self.seen if place.startswith(places)).decode(errors="replace")


def spellings(value: str) -> set[bytes]:
    """How a secret may be written: plain, in an address, in JSON or HTML, and in Base64 behind anything else.

    Of a JWT either of the parts that tell will do: its payload, its signature.
    """
    found: set[bytes] = set()
    for part in value.split(".")[1:] if value.count(".") == 2 else [value]:
        texts = {part, quote(part, safe=""), quote_plus(part), json.dumps(part)[1:-1], escape(part)}
        coded = {_in_base64(part.encode(), offset) for offset in range(3)}
        found |= {text.encode() for text in texts} | coded | {text.translate(_FOR_ADDRESSES) for text in coded}
    return found


_FOR_ADDRESSES = bytes.maketrans(b"+/", b"-_")


def _in_base64(plain: bytes, offset: int) -> bytes:
    """The characters that stand there whatever comes before (``offset`` bytes beyond a multiple of 3) and after."""
    return base64.b64encode(bytes(offset) + plain)[(0, 2, 3)[offset] : (len(plain) + offset) * 8 // 6]


@dataclass(frozen=True)
class Listener:
    """Notes every answer of the product to a visitor: address, headers and page. A hook of ``requests``."""

    evidence: Evidence
    product: str

    def __call__(self, answer: requests.Response, **_options: object) -> requests.Response:
        if answer.url.startswith(self.product):
            path, _mark, query = answer.url.removeprefix(self.product).partition("?")
            place = f"{answer.request.method} {path}"
            self.evidence.add(place, answer.content)
            self.evidence.add(f"{place} headers", "\n".join(f"{name}: {text}" for name, text in answer.headers.items()))
            # The code of the redirect back was put into that address by the provider, as the protocol wants it.
            if path != "/oauth/callback/":
                self.evidence.add(f"{place} address", f"{path}?{query}")
        return answer


def secrets_of(environment: Mapping[str, str]) -> list[Secret]:
    """Every secret that the stack's sandbox gave out or knows of, and the stack's own keys."""
    answer = requests.get(f"{environment['XO_SANDBOX_URL']}/_sandbox/issued", timeout=10)
    answer.raise_for_status()
    found = [Secret(each["kind"], each["value"]) for each in answer.json()]
    ours = local_env.read(Path(environment["XO_VAR_DIR"]) / "local.env")
    found += [Secret(name, ours[name]) for name in ("XO_SECRET_KEY", "XO_ENCRYPTION_KEYS")]
    short = {secret.kind for secret in found if len(secret.value) < TELLING}
    assert not short, f"too short to be searched for: {short}"
    return found
