"""One round after the other, and the figures at the end."""

from __future__ import annotations

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from integrations.flows import authorize, platform
from integrations.flows.refresh import times

from . import healthy
from .actors import work_of
from .effects import close_connections
from .forked import together
from .plan import NETWORK, draw
from .stage import prepare
from .verdict import AVOIDABLE, BAD, BREACH, MARKED, OUTCOMES, STUCK, UNAVOIDABLE, WORKS, Finding, judge

if TYPE_CHECKING:
    from tests.sandbox import Sandbox

    from .plan import Round

#: The times of a renewal, so short that a round that waits for them stays short. The order among them is kept.
SHORT = {
    "DEADLINE": 0.6,
    "LEASE": 1.2,
    "WORTH_ASKING": 0.05,
    "KEEP_TRYING": 10.0,
    "POLL": (0.005, 0.05),
    "PULSE": 0.05,
    "BACK_OFF": (0.02, 0.3),
}
#: Seconds after which a process of a round counts as hung.
PATIENCE = 45.0


@dataclass
class Run:
    """Rounds of one profile with one seed."""

    sandbox: Sandbox
    profile: str
    seed: int
    findings: list[Finding] = field(default_factory=list)

    def go(self, numbers: range, *, loud: bool = True) -> None:
        shorten()
        began = time.monotonic()
        for done, number in enumerate(numbers, start=1):
            finding = self.round(draw(self.seed, number, self.profile))
            self.findings.append(finding)
            if finding.outcome in BAD:
                _say(f"round {number}: {finding.outcome}: {finding.why}\n    {finding.plan}")
                _say("".join(f"    {line}\n" for line in finding.story))
                _say(f"    again with: --profile {self.profile} --seed {self.seed} --only {number}")
            if loud and done % 50 == 0:
                _say(f"{done} rounds in {time.monotonic() - began:.0f} s")

    def round(self, plan: Round) -> Finding:
        """One round from the scene to the verdict."""
        scene = prepare(self.sandbox, plan)
        if plan.revoked:
            self.sandbox.revoke("ben")
        if plan.network:
            self.sandbox.fault(on=plan.on, times=plan.times, **_fault(plan))
        works = [work_of(place, actor, scene) for place, actor in enumerate(plan.actors)]
        kills = {
            place: actor.trouble.seconds
            for place, actor in enumerate(plan.actors)
            if actor.trouble.label == "kill at any time"
        }
        if any(actor.trouble.label == "kill while the provider answers" for actor in plan.actors):
            self.sandbox.fault("delay", on="token", seconds=0.12)
        seen = together(works, kill_after=kills, patience=PATIENCE)
        self.sandbox.lift_faults()
        again = scene.consent("ben") if not plan.begins_connected else None
        after = together([healthy.check(scene, plan, again)], kill_after={}, patience=PATIENCE)
        finding = judge(self.sandbox, plan, scene, seen, after)
        close_connections()
        return finding

    def table(self) -> str:
        """Troubles by outcome."""
        counts = Counter((finding.plan.label, finding.outcome) for finding in self.findings)
        labels = sorted({label for label, _outcome in counts})
        head = f"{'':38}" + "".join(f"{outcome:>19}" for outcome in OUTCOMES)
        rows = [f"{label:38}" + "".join(f"{counts[label, each] or '·':>19}" for each in OUTCOMES) for label in labels]
        return "\n".join([head, *rows])

    def summary(self) -> str:
        """The figures, one per line."""
        by = Counter(finding.outcome for finding in self.findings)
        causes = Counter(finding.why for finding in self.findings if finding.outcome == UNAVOIDABLE)
        kept = sorted(each for finding in self.findings for each in finding.kept_ms)
        lines = [
            f"profile {self.profile}, seed {self.seed}",
            f"rounds                      {len(self.findings)}",
            f"grants that work            {by[WORKS]}",
            f"marked, provider confirms   {by[MARKED]}",
            f"lost, unavoidably           {by[UNAVOIDABLE]}",
            *(f"    {number:4} {cause}" for cause, number in causes.most_common()),
            f"lost, avoidably             {by[AVOIDABLE]}",
            f"breaches                    {by[BREACH]}",
            f"stuck                       {by[STUCK]}",
            f"intents left open           {sum(finding.open_intents for finding in self.findings)}",
        ]
        if kept:
            lines.append(f"answer to commit, ms        {_spread(kept)} of {len(kept)}")
        return "\n".join(lines)

    @property
    def failed(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.outcome in BAD]


def _fault(plan: Round) -> dict[str, Any]:
    return dict(NETWORK[plan.network])


def _spread(values: list[float]) -> str:
    p99 = values[min(len(values) - 1, int(len(values) * 0.99))]
    return f"p50 {values[len(values) // 2]:.2f}, p99 {p99:.2f}, max {values[-1]:.2f}"


def shorten() -> None:
    """Puts the short times in place wherever a module has taken them over by name."""
    usual = {name: getattr(times, name) for name in SHORT}
    modules = [module for name, module in sys.modules.items() if name.startswith("integrations.flows.refresh")]
    for module in modules:
        for name, value in SHORT.items():
            if getattr(module, name, None) == usual[name]:
                setattr(module, name, value)
    authorize.EXCHANGE_TIMEOUT = platform.TIMEOUT = 0.6


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
