"""The nine operators of conditions, and what "equal" and "greater" mean between values of different types.

* A number and a text that reads as a number compare as numbers: 200 equals "200".
* Two texts that both read as numbers are ordered as numbers ("9" is less than "10") but are equal only as texts, so
  that "007" is not "7".
* Texts are equal and are ordered without regard to case and outer blanks. ISO dates are ordered by that, too.
* true and false equal the words "true" and "false", and no number.
* What is missing or null equals null alone, is neither greater nor less than anything, and contains nothing.
* A list contains what equals one of its items; a text contains a part; a mapping contains a key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from xoplatform.core.templating import MISSING

Operator = Callable[[Any, Any], bool]

NUMERIC: Final = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,18})?", re.ASCII)


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    if isinstance(value, str) and NUMERIC.fullmatch(value.strip()):
        return float(value)
    return None


def _fold(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strip().casefold() if isinstance(value, str) else value


def equals(left: Any, right: Any) -> bool:
    left, right = (None if value is MISSING else value for value in (left, right))
    if not (isinstance(left, str) and isinstance(right, str)):
        one, two = _number(left), _number(right)
        if one is not None and two is not None:
            return one == two
        if isinstance(left, bool) and isinstance(right, int | float) and not isinstance(right, bool):
            return False
    return bool(_fold(left) == _fold(right))


def not_equals(left: Any, right: Any) -> bool:
    return not equals(left, right)


def exists(left: Any, _right: Any = None) -> bool:
    return left is not MISSING and left is not None


def not_exists(left: Any, _right: Any = None) -> bool:
    return not exists(left)


def _order(left: Any, right: Any) -> int | None:
    """Negative, zero or positive as the first is less, equal or greater; None where neither is."""
    one, two = _number(left), _number(right)
    if one is not None and two is not None:
        return (one > two) - (one < two)
    if isinstance(left, str) and isinstance(right, str):
        first, second = left.strip().casefold(), right.strip().casefold()
        return (first > second) - (first < second)
    return None


def gt(left: Any, right: Any) -> bool:
    return (_order(left, right) or 0) > 0


def lt(left: Any, right: Any) -> bool:
    return (_order(left, right) or 0) < 0


def gte(left: Any, right: Any) -> bool:
    order = _order(left, right)
    return order is not None and order >= 0


def lte(left: Any, right: Any) -> bool:
    order = _order(left, right)
    return order is not None and order <= 0


def contains(left: Any, right: Any) -> bool:
    if isinstance(left, list | tuple):
        return any(equals(item, right) for item in left)
    if right is None or right is MISSING:
        return False
    if isinstance(left, Mapping):
        return str(right) in left
    return isinstance(left, str) and str(_fold(right)) in str(_fold(left))


def not_contains(left: Any, right: Any) -> bool:
    """Not an operator of its own: what "not equal" means of intents, see `conditions`."""
    return not contains(left, right)


OPERATORS: Final[Mapping[str, Operator]] = {
    "exists": exists,
    "not_exists": not_exists,
    "equals": equals,
    "not_equals": not_equals,
    "gt": gt,
    "gte": gte,
    "lt": lt,
    "lte": lte,
    "contains": contains,
}
#: Operators that compare with nothing.
UNARY: Final = frozenset({"exists", "not_exists"})
