"""When a delivery that was not taken is tried again, and how long a webhook that takes nothing is left alone."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

#: How long a delivery is tried.
LIMIT: Final = timedelta(days=1)
#: The pauses after the first, second, third … try, in seconds: 5 and 30 s, 2, 10 and 30 min, 1, 2, 4, 7 and 7 h.
PAUSES: Final = (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 25_200, 25_200)
#: A pause is this much shorter or longer by chance, so that what failed together does not come back together.
JITTER: Final = 0.1
#: The longest time for which a webhook gets nothing because its receiver is down, in seconds.
LONGEST_HOLD: Final = 300

_chance = secrets.SystemRandom()


def pause_after(tries: int) -> timedelta | None:
    """The pause after so many tries, of which there was at least one; None when there is no further one."""
    if tries > len(PAUSES):
        return None
    return timedelta(seconds=PAUSES[tries - 1] * _chance.uniform(1 - JITTER, 1 + JITTER))


def hold_after(failures: int) -> timedelta:
    """How long a webhook rests after so many rounds in a row in which nothing got through."""
    return timedelta(seconds=min(5 * 2 ** min(failures - 1, 10), LONGEST_HOLD))
