"""YAML as its version 1.2 means it: no `yes` that is true, no dates, and no aliases that grow without end."""

from __future__ import annotations

import re
from typing import Any

import yaml

#: In YAML 1.2's core schema only these are booleans; 1.1's yes, no, on and off are words that dialogs need.
BOOLEAN = "tag:yaml.org,2002:bool"
TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _Reader(yaml.SafeLoader):
    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in {BOOLEAN, TIMESTAMP}]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not allowed", mark)
        return super().compose_node(parent, index)


_Reader.add_implicit_resolver(BOOLEAN, re.compile(r"^(?:true|false)$"), ["t", "f"])


def read_yaml(text: str) -> Any:
    """The value of a YAML (or JSON) text. Raises yaml.YAMLError, which says where."""
    return yaml.load(text, Loader=_Reader)  # noqa: S506 -- a SafeLoader
