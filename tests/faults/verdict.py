"""What a round came to, judged by what the provider knows and by what each process was seen to do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.sandbox import Sandbox

    from .forked import Watched
    from .plan import Round
    from .stage import Scene

WORKS, MARKED, UNAVOIDABLE = "works", "marked, rightly", "lost, unavoidably"
AVOIDABLE, BREACH, STUCK = "LOST", "BREACH", "STUCK"
OUTCOMES = (WORKS, MARKED, UNAVOIDABLE, AVOIDABLE, BREACH, STUCK)
EMPTY = hashlib.sha256(b"").hexdigest()
BAD = (AVOIDABLE, BREACH, STUCK)


@dataclass
class Finding:
    """How a round ended and why; `kept_ms` are the windows between answer and commit, in milliseconds."""

    plan: Round
    outcome: str
    why: str = ""
    kept_ms: list[float] = field(default_factory=list)
    open_intents: int = 0
    story: list[dict[str, Any]] = field(default_factory=list)


def judge(sandbox: Sandbox, plan: Round, scene: Scene, seen: Watched, after: Watched) -> Finding:
    """`seen` are the processes of the round, `after` is the healthy one that came behind them."""
    told, story = after.of("verdict"), [*seen.lines, *after.lines]
    if seen.hung or after.hung or not told:
        words = "; ".join([*seen.errors, *after.errors]) or f"hung: {seen.hung or after.hung}"
        return Finding(plan, STUCK if seen.hung or after.hung else AVOIDABLE, words, story=story)
    end = told[0]
    outcome, why = _outcome(sandbox, plan, scene, seen, end)
    if seen.errors and outcome not in BAD:
        outcome, why = STUCK, seen.errors[0]
    return Finding(plan, outcome, why, end.get("kept_ms", []), end.get("open_intents", 0), story)


def _outcome(sandbox: Sandbox, plan: Round, scene: Scene, seen: Watched, end: dict[str, Any]) -> tuple[str, str]:
    if end["ended"] == "stuck":
        return STUCK, str(end.get("trouble"))
    if end["ended"] == "works":
        wrong = _foreign(sandbox, plan, scene, seen, end)
        return (BREACH, wrong) if wrong else (WORKS, "")
    if end["ended"] != "lost":
        return AVOIDABLE, f"{end['ended']} {end.get('reason', '')}"
    return _lost(sandbox, plan, seen, end)


def _lost(sandbox: Sandbox, plan: Round, seen: Watched, end: dict[str, Any]) -> tuple[str, str]:
    if end["refresh_token"] == EMPTY and not _was_given_one(sandbox, end["access_token"]):
        return MARKED, "the provider gave no refresh token with the consent"
    known = sandbox.refresh_token(digest=end["refresh_token"])
    if not known["known"]:
        return AVOIDABLE, f"the provider never gave the token that is stored: {end['reason']}"
    if known["accepted"] or not end["reason"]:
        return AVOIDABLE, f"marked although the provider would accept the token: {end['reason']}"
    if plan.revoked:
        return MARKED, known["trouble"]
    excuse = _excuse(sandbox, plan, seen, known) if plan.profile == "strict" else ""
    return (UNAVOIDABLE, excuse) if excuse else (AVOIDABLE, f"the provider says: {known['trouble']}")


def _was_given_one(sandbox: Sandbox, access_token: str) -> bool:
    family = sandbox.access_token(digest=access_token).get("family")
    return any(each["family"] == family for each in sandbox.refresh_tokens())


def _foreign(sandbox: Sandbox, plan: Round, scene: Scene, seen: Watched, end: dict[str, Any]) -> str:
    """What of a connection that works is not its own."""
    refresh = sandbox.refresh_token(digest=end["refresh_token"])
    access = sandbox.access_token(digest=end["access_token"])
    if end["refresh_token"] == EMPTY and not _was_given_one(sandbox, end["access_token"]):
        refresh = access  # the consent's answer had none
    if not refresh["known"] or not access["known"]:
        return "it holds a token that the provider never gave"
    if refresh["family"] != access["family"]:
        return "its two tokens are of two grants"
    if refresh["account_id"] != end["account"]:
        return f"it says {end['account']} and holds the tokens of {refresh['account_id']}"
    if end["site"] not in refresh["sites"] or not set(end["sites"]) <= set(refresh["sites"]):
        return "it names a site that its grant does not reach"
    if end["calls"] != 1:
        return f"after an hour one call took {end['calls']} requests: an ended token was sent"
    return _overwritten(sandbox, scene, seen, refresh["family"])


def _overwritten(sandbox: Sandbox, scene: Scene, seen: Watched, family: str) -> str:
    """Whether a consent that was reported as kept has been overwritten by an older grant."""
    kept = [line for line in seen.of("done") if line.get("refresh_token", EMPTY) != EMPTY]
    if not kept:
        return ""
    families = {sandbox.refresh_token(digest=line["refresh_token"])["family"]: line["generation"] for line in kept}
    if family in families:
        newest = max(families.values())
        return "" if families[family] == newest else "an older consent has overwritten a newer one"
    return "a refresh has overwritten a consent" if family == scene.family else ""


def _excuse(sandbox: Sandbox, plan: Round, seen: Watched, known: dict[str, Any]) -> str:
    """What cost the grant under *strict* if nobody could have kept it, or nothing.

    The provider acted on a request, and its answer did not arrive whole, or its process was killed before it could
    store it. Everything else is ours.
    """
    of_family = [each for each in sandbox.exchanged() if each["family"] == known["family"]]
    refused = [each for each in of_family if each["trouble"]]
    done = [each for each in of_family if not each["trouble"]]
    # The token whose second use ended the family; without one, the stored token that was used and not replaced.
    culprit = refused[0]["presented"] if refused else known["digest"]
    first = next((each for each in done if each["presented"] == culprit), None)
    if first is None:
        return ""
    if excuse := _lost_answer(plan, seen, first["mark"]):
        return excuse
    return _came_late(seen, refused[0]["mark"], first["mark"]) if refused else ""


def _lost_answer(plan: Round, seen: Watched, mark: str) -> str:
    """Whether the answer to this request was lost on its way, or with its process before it was stored."""
    who = mark.split(".", maxsplit=1)[0]
    answered = seen.at(who, "answered", mark=mark, whole=True)
    killed = seen.at(who, "killed")
    if answered is None:
        return (
            "killed before the answer was here" if killed is not None else f"answer lost: {plan.network or 'time-out'}"
        )
    after = seen.lines[answered:]
    stored = any(line["event"] == "stored" and line["who"] == who and line["changed"] for line in after)
    return "killed between the answer and our commit" if killed is not None and not stored else ""


def _came_late(seen: Watched, refused: str, first: str) -> str:
    """Whether the refused request was under way, given up after a time-out, before the one that was carried out."""
    asked, then = (seen.at(mark.split(".", maxsplit=1)[0], "asked", mark=mark) for mark in (refused, first))
    answered = seen.at(refused.split(".", maxsplit=1)[0], "answered", mark=refused)
    if asked is None or then is None or asked > then or (answered is not None and answered < then):
        return ""
    return "the provider acted on a request after our deadline"
