"""A query taken apart."""

from __future__ import annotations

from dataclasses import dataclass, field


class JqlError(Exception):
    """The query cannot be understood; `name` and `values` choose the sentence."""

    def __init__(self, name: str, **values: str) -> None:
        super().__init__(name)
        self.name = name
        self.values = values


@dataclass(frozen=True)
class Value:
    """An operand: a word or text, or a function such as `currentUser()`."""

    text: str
    function: bool = False


@dataclass(frozen=True)
class Term:
    """One comparison. Operators are lower case: `=`, `!=`, `~`, `in`, `not in`, `is`, `is not`, …"""

    field: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Group:
    """Several clauses joined by `and`, `or`; `not` has exactly one."""

    joint: str
    clauses: tuple[Clause, ...]


Clause = Term | Group


@dataclass(frozen=True)
class Query:
    """The condition (None: everything) and the order: fields, each with whether it is descending."""

    where: Clause | None
    order: tuple[tuple[str, bool], ...] = field(default=())
