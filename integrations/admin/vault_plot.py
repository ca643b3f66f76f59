"""The next hour's expiries as bars. The server draws them: nothing has to be loaded, and no policy be loosened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from integrations.vault.state import Minute

#: The drawing's own units: one minute is ten wide, and the whole is a hundred high.
STEP, GAP, HEIGHT = 10, 2, 100.0
#: Labels of the axes: lines across, and minutes between two times.
LINES, EVERY = 4, 10


@dataclass(frozen=True)
class Bar:
    """One minute: idle tokens stand on those in use. All numbers are in the drawing's units."""

    at: datetime
    used: int
    idle: int
    x: int
    used_height: float
    idle_height: float

    @property
    def used_top(self) -> float:
        return round(HEIGHT - self.used_height, 2)

    @property
    def idle_top(self) -> float:
        return round(HEIGHT - self.used_height - self.idle_height, 2)


@dataclass(frozen=True)
class Line:
    """A line across, with the number it stands for."""

    value: int
    y: float


@dataclass(frozen=True)
class Plot:
    """Bars with their axes. ``times`` label the hour from its first minute to its end."""

    bars: list[Bar]
    lines: list[Line]
    times: list[datetime]
    used: int
    idle: int
    fullest: Bar
    width: int
    bar_width: int = STEP - GAP
    height: int = int(HEIGHT)

    @property
    def filled(self) -> list[Bar]:
        """Minutes in which a token ends."""
        return [bar for bar in self.bars if bar.used or bar.idle]


def plot_of(minutes: Sequence[Minute]) -> Plot:
    """Draws these minutes."""
    top = _round_up(max(minute.used + minute.idle for minute in minutes))
    bars = [
        Bar(
            timezone.localtime(minute.at),
            minute.used,
            minute.idle,
            index * STEP + GAP // 2,
            round(minute.used / top * HEIGHT, 2),
            round(minute.idle / top * HEIGHT, 2),
        )
        for index, minute in enumerate(minutes)
    ]
    lines = [Line(top * part // LINES, round(HEIGHT - HEIGHT * part / LINES, 2)) for part in range(LINES + 1)]
    return Plot(
        bars,
        lines,
        [bar.at for bar in bars[::EVERY]],
        sum(bar.used for bar in bars),
        sum(bar.idle for bar in bars),
        max(bars, key=lambda bar: bar.used + bar.idle),
        len(bars) * STEP,
    )


def _round_up(value: int) -> int:
    """The next number that divides well into the lines: 4, 8, 20, 40, 80, 200 …"""
    top = LINES
    while True:
        for factor in (1, 2, 5):
            if value <= top * factor:
                return top * factor
        top *= 10
