"""Many jobs in so many threads, as a hand-written batch does them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def in_threads(job: Callable[[int], object], numbers: Sequence[int], threads: int) -> list[str]:
    """Names of the errors, one for each job that failed."""

    def attempt(number: int) -> str:
        try:
            job(number)
        except Exception as error:  # noqa: BLE001 -- whatever a subject raises is a figure here
            return type(error).__name__
        return ""

    with ThreadPoolExecutor(threads) as pool:
        return [name for name in pool.map(attempt, numbers) if name]
