"""Time zones, kept as IANA names (Europe/Berlin) or, where somebody gives a distance, as UTC+02:00."""

from __future__ import annotations

import re

from dialogs.nodes.saying import say
from dialogs.nodes.values.base import Circumstances, Found, Reading, Several, Unfit, ValueType, shortened
from dialogs.nodes.values.places import zone_names
from dialogs.nodes.words import plain

DISTANCE = re.compile(r"(?:utc|gmt) ?([+-]) ?(\d{1,2})(?::?(\d{2}))?", re.ASCII)
TAIL = re.compile(r" ?(?:time ?zone|time|zeit)$")
FARTHEST, MOST_MINUTES = 14, 59


class TimeZone(ValueType):
    """A time zone, as Europe/Berlin or UTC+02:00."""

    name = "time_zone"

    def read(self, text: str, around: Circumstances) -> Reading:
        words = TAIL.sub("", plain(text[:200])).removeprefix("in ")
        if match := DISTANCE.fullmatch(words):
            return _distance(*match.groups())
        names = zone_names(around.person.conventions.language)
        zone = names.exact(words.replace("_", " ")) or names.exact(words) or names.only(words)
        if zone:
            return Found(zone)
        if likely := names.near(words):
            return Several(tuple((one.replace("_", " "), one) for one in likely))
        sentence = "“{words}” is not a time zone I know. Name a large city in it, or say UTC+2."
        return Unfit(say(sentence, words=shortened(text)))


def _distance(sign: str, hours: str, minutes: str | None) -> Reading:
    if int(hours) > FARTHEST or int(minutes or 0) > MOST_MINUTES:
        return Unfit(say("No time zone is so far from UTC."))
    return Found(
        "UTC" if not int(hours) and not int(minutes or 0) else f"UTC{sign}{int(hours):02}:{int(minutes or 0):02}"
    )
