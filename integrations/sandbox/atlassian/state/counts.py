"""What has been asked of the sandbox since the last reset, for tests that say "exactly one"."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass
class FamilyCount:
    """Token requests of one family: successful ones by kind, and refused refreshes."""

    codes: int = 0
    refreshes: int = 0
    refused: int = 0


@dataclass
class Counts:
    """Requests by endpoint or operation, token exchanges by family, and breaches of the contract."""

    requests: Counter[str] = field(default_factory=Counter)
    families: dict[str, FamilyCount] = field(default_factory=dict)
    violations: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def family(self, family: str) -> FamilyCount:
        return self.families.setdefault(family, FamilyCount())

    def as_dict(self) -> dict[str, Any]:
        return {
            "requests": dict(self.requests),
            "families": {name: vars(count) for name, count in self.families.items()},
            "violations": self.violations,
            "warnings": self.warnings,
        }
