"""YAML as people like to read it: scripts and long texts in blocks, keys in their order, nothing abbreviated."""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

#: What YAML 1.1 takes for a line break or refuses, and what nobody sees: written as escapes.
HIDDEN: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\xa0\u2028\u2029\ufeff\ud800-\udfff]")


class _Writer(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """Aliases are refused when reading."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Entries of a list stand deeper than its key."""
        super().increase_indent(flow, indentless=False)


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if HIDDEN.search(text) else "|" if "\n" in text else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text)


def write_yaml(value: Any) -> str:
    """The text of a value of JSON; `read_yaml` gives back an equal one."""
    return yaml.dump(value, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=100)
