"""What happens in one round: who does what at once, and what goes wrong. Drawn from the seed and the round's number."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

#: What a process may be doing. `ahead` is the clock's renewal, `person` an end user's link up to the confirmed grant.
WITH_GRANT = ("refresh", "refresh", "refresh", "ahead", "reconnect", "rotate", "change_site")
WITHOUT_GRANT = ("connect",)
#: Those that send a request to the token endpoint, so that troubles of the network can strike them.
ASKING = ("refresh", "ahead", "reconnect", "connect")

#: Troubles of the network or the provider: the sandbox's fault and its details by label.
NETWORK: dict[str, dict[str, Any]] = {
    "cut before the work": {"kind": "cut_before"},
    "answer lost after the work": {"kind": "cut_after"},
    "half of the answer": {"kind": "half"},
    "500": {"kind": "error", "status": 500},
    "502": {"kind": "error", "status": 502},
    "429": {"kind": "rate_limited", "retry_after": 1},
    "503, come back later": {"kind": "unavailable", "retry_after": 1},
    "HTML with 200": {"kind": "not_json"},
    "no refresh token in the answer": {"kind": "no_refresh_token"},
    "slow, in time": {"kind": "delay", "seconds": 0.15},
    "too slow, after the work": {"kind": "delay", "seconds": 1.2},
    "too slow, before the work": {"kind": "delay", "seconds": 1.2, "before": True},
}
#: Troubles of one process.
PROCESS = (
    "kill before an effect",
    "kill after an effect",
    "kill before an effect",
    "kill after an effect",
    "kill at any time",
    "kill while the provider answers",
    "kill between answer and commit",
    "database gone",
    "database gone",
    "database took it and did not say so",
    "clock a minute off",
)
REVOKED = "revoked by the person"
NONE = "none"


@dataclass(frozen=True)
class Trouble:
    """What befalls one process: at its `at`-th effect, or after so many seconds; `seconds` also says how long."""

    label: str = NONE
    at: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Actor:
    """One process. `skew` is how wrong its clock goes, in seconds; `person` who consents in a reconnect."""

    verb: str
    trouble: Trouble = field(default_factory=Trouble)
    skew: float = 0.0
    delay: float = 0.0
    person: str = "ben"


@dataclass(frozen=True)
class Round:
    """One round.

    `ending` is how long the stored access token still lives, in seconds. `quiet`: nobody but the clock asks for it
    within the next eleven minutes.
    """

    number: int
    profile: str
    actors: tuple[Actor, ...]
    network: str = ""
    on: str = "token"
    times: int = 1
    revoked: bool = False
    ending: float = -1.0
    personal: bool = False
    quiet: bool = False

    @property
    def label(self) -> str:
        """The trouble, as the table names it."""
        labels = [each.trouble.label for each in self.actors if each.trouble.label != NONE]
        labels += [self.network] if self.network else []
        labels += [REVOKED] if self.revoked else []
        if not labels:
            return NONE
        return labels[0] if len(labels) == 1 else "two troubles at once"

    @property
    def verbs(self) -> str:
        return " + ".join(sorted(each.verb for each in self.actors))

    @property
    def begins_connected(self) -> bool:
        return all(each.verb not in WITHOUT_GRANT for each in self.actors)


def draw(seed: int, number: int, profile: str) -> Round:
    """The plan of a round; the same for the same seed and number."""
    dice = random.Random(f"{seed}:{number}:{profile}")
    many = dice.choices((1, 2, 3), (50, 35, 15))[0]
    verbs = WITHOUT_GRANT if dice.random() < 0.12 else WITH_GRANT
    chosen = [dice.choice(verbs) for _ in range(min(many, 2) if verbs is WITHOUT_GRANT else many)]
    kind = dice.choices(("none", "network", "process", "both", "revoked"), (4, 38, 46, 9, 3))[0]
    network = dice.choice(list(NETWORK)) if kind in ("network", "both") else ""
    if network and not any(verb in ASKING for verb in chosen):
        chosen[0] = "refresh"
    struck = dice.randrange(len(chosen)) if kind in ("process", "both") else -1
    actors = tuple(_actor(dice, verb, struck=place == struck) for place, verb in enumerate(chosen))
    return Round(
        number=number,
        profile=profile,
        actors=actors,
        network=network,
        on="gateway" if "connect" in " ".join(chosen) and dice.random() < 0.25 else "token",
        times=dice.choices((1, 2, 3), (70, 20, 10))[0],
        revoked=kind == "revoked" and verbs is WITH_GRANT,
        ending=dice.choice((-1.0, -1.0, -1.0, 45.0)),
        personal=dice.random() < 0.3,
        quiet=dice.random() < 0.2,
    )


def _actor(dice: random.Random, verb: str, *, struck: bool) -> Actor:
    trouble = _trouble(dice, verb) if struck else Trouble()
    off = trouble.label == "clock a minute off" or dice.random() < 0.1
    person = dice.choice(("ben", "ben", "ada")) if verb in ("connect", "reconnect") else "ben"
    return Actor(
        verb, trouble, dice.choice((-60.0, 60.0)) if off else 0.0, dice.choice((0, 0, dice.random() / 50)), person
    )


def _trouble(dice: random.Random, verb: str) -> Trouble:
    label = dice.choice(PROCESS)
    if label in ("kill while the provider answers", "kill between answer and commit") and verb not in ASKING:
        label = "kill before an effect"
    effects = 30 if verb in ("connect", "reconnect") else 13
    seconds = dice.random() * (0.12 if label == "kill at any time" else 0.4)
    return Trouble(label, dice.randint(1, effects), seconds)
