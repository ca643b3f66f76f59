"""Files that a channel says came with a message: references, never their contents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dialogs.errors import BadMessage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_FILES: Final = 10
#: Most characters of each text that tells about a file.
LONGEST: Final = {"name": 255, "content_type": 100, "url": 2000, "id": 200}
#: What people may read about a file.
NOTED: Final = ("id", "name", "content_type", "size")
SCHEMES: Final = ("https://", "http://")


def read_files(value: Any) -> tuple[dict[str, Any], ...]:
    """What a request tells about its files: a list of {name, content_type, size, url or id}; nothing is none.

    Raises BadMessage; then nothing of the message was taken.
    """
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MOST_FILES:
        raise BadMessage(reason=f"its attachments must be a list of at most {MOST_FILES}.")
    return tuple(map(_file, value))


def noted(files: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What a trace keeps of the files of its turn: an address may let anybody read the file, so it is left out."""
    told = [{key: file[key] for key in NOTED if key in file} for file in files]
    return {"files": told} if told else {}


def _file(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise BadMessage(reason="an attachment must have a name, a content_type, a size, and a url or an id.")
    texts = {key: entry[key] for key in LONGEST if entry.get(key) is not None}
    for key, text in texts.items():
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST[key]:
            raise BadMessage(reason=f"the {key} of an attachment must be a text of at most {LONGEST[key]} characters.")
    size = entry.get("size")
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise BadMessage(reason="the size of an attachment must be its number of bytes.")
    if "name" not in texts or not {"url", "id"} & texts.keys():
        raise BadMessage(reason="an attachment must have a name, and a url or an id.")
    if "url" in texts and not texts["url"].lower().startswith(SCHEMES):
        raise BadMessage(reason="the url of an attachment must begin with https:// or http://.")
    return {**texts, "size": size}
