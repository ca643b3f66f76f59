"""Texts as people type them, made comparable; and what counts as yes and no."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

BLANKS: Final = re.compile(r"\s+")
EDGES: Final = " \t\r\n.,;:!?…\"'`“”\u2018\u2019()[]{}<>*_~"
#: Anything that turns a mention around: "not the summary" is no choice of the summary.
NEGATION: Final = re.compile(r"\b(?:not|no|never|neither|nor|without|except|don'?t|isn'?t|rather than|instead of)\b")

ORDINALS: Final = {
    word: number
    for number, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), start=1
    )
}
AROUND_A_NUMBER: Final = re.compile(r"^(?:the |number |option |no\. ?|#)+|(?: one| option|[.)])+$")
NUMERAL: Final = re.compile(r"(\d{1,3})(?:st|nd|rd|th)?", re.ASCII)

#: Words that are no value by themselves, wherever they stand.
STOP: Final = frozenset({
    "a", "an", "the", "this", "that", "it", "my", "our", "your", "me", "us", "you", "i", "we", "is", "are", "be", "to",
    "of", "for", "in", "on", "at", "and", "or", "with", "from", "by", "please", "which", "what", "here",
})  # fmt: skip

#: What asks for the next page of a list.
MORE: Final = frozenset(
    {"more", "next", "next page", "show more", "the rest", "others", "weitere", "mehr", "plus", "suite", "más", "mas"}
)

SKIP: Final = frozenset(
    {"skip", "none", "nothing", "no", "n/a", "na", "-", "leave it", "leave empty", "empty", "pass"}
    | {"überspringen", "passer", "omitir"}
)


def plain(text: str) -> str:
    """Lower case, one blank between words, nothing but words at the edges, typographic quotes made plain."""
    return BLANKS.sub(" ", text.casefold().replace("\u2019", "'")).strip(EDGES)


def position(text: str) -> int | None:
    """The number of a list entry that is meant: "2", "#2", "the second one"; None if it is something else."""
    core = AROUND_A_NUMBER.sub("", BLANKS.sub(" ", text.casefold()).strip())
    match = NUMERAL.fullmatch(core)
    return int(match[1]) if match else ORDINALS.get(core)


YES: Final = (
    "yes", "yeah", "yep", "yup", "ya", "yea", "aye", "sure", "sure thing", "certainly", "definitely", "absolutely",
    "of course", "by all means", "ok", "okay", "okey", "k", "alright", "all right", "right", "correct", "that's right",
    "that is right", "exactly", "indeed", "true", "affirmative", "agreed", "i agree", "confirm", "confirmed",
    "i confirm", "go ahead", "go for it", "do it", "do that", "please do", "yes please", "proceed", "continue",
    "carry on", "fine", "sounds good", "looks good", "good", "great", "perfect", "why not", "no problem", "no worries",
    "no objection", "not a problem", "ja", "ja bitte", "jawohl", "oui", "d'accord", "sí", "si", "claro",
    "y", "👍", "👌", "✅", "✔", "🆗", "🙂", "😀", "+1", "don't mind if i do",
)  # fmt: skip
NO: Final = (
    "no", "nope", "nah", "nay", "no way", "no thanks", "no thank you", "not", "not now", "not yet", "not at all",
    "of course not", "certainly not", "definitely not", "absolutely not", "sure not", "never", "never mind",
    "nevermind", "negative", "don't", "dont", "do not", "don't do it", "please don't", "please do not", "rather not",
    "i'd rather not", "no chance", "by no means", "wrong", "incorrect", "false", "not correct", "not right",
    "that's wrong", "disagree", "i disagree", "refuse", "decline", "hold on", "wait", "leave it", "forget it",
    "keep it", "nein", "nein danke", "non", "non merci", "n", "👎", "❌", "✖", "🚫", "🙅", "-1",
)  # fmt: skip
#: These hold a yes or a no without being one.
UNSURE: Final = (
    "not sure", "not certain", "i'm not sure", "i don't know", "don't know", "dont know", "do not know", "no idea",
    "maybe", "perhaps", "what", "why", "unsure", "not really sure", "yes or no", "yes and no", "no clue",
)  # fmt: skip
#: Too short or too common to be heard in the middle of a sentence.
ALONE: Final = frozenset(
    {"y", "n", "k", "ya", "good", "great", "fine", "right", "true", "false", "continue", "what", "why", "wait", "+1"}
    | {"-1", "perfect", "wrong", "not", "keep it", "ja", "si", "non", "claro"}
)
#: A yes with one of these behind it takes itself back.
TAKEN_BACK: Final = re.compile(r"\b(?:don'?t|do not|never|not)\b")

Verdict = Literal["yes", "no", "unsure"]


@lru_cache(maxsize=256)
def _vocabulary(yes: tuple[str, ...], no: tuple[str, ...]) -> tuple[dict[str, Verdict], re.Pattern[str]]:
    verdicts: dict[str, Verdict] = dict.fromkeys(UNSURE, "unsure")
    for words, verdict in ((YES, "yes"), (NO, "no"), (yes, "yes"), (no, "no")):
        verdicts |= dict.fromkeys(map(plain_or_sign, words), verdict)  # type: ignore[arg-type]
    spoken = sorted((word for word in verdicts if word not in ALONE), key=len, reverse=True)
    # Leftmost match, and of those at one place the longest: "of course not" is heard before "of course".
    return verdicts, re.compile("|".join(rf"(?<![\w']){re.escape(word)}(?![\w'])" for word in spoken))


def plain_or_sign(text: str) -> str:
    return plain(text) or text.strip()


def yes_or_no(text: str, yes: tuple[str, ...] = (), no: tuple[str, ...] = ()) -> Verdict:
    """What an answer means: the earliest phrase decides, of several there the longest.

    ``yes`` and ``no`` are further phrases. A yes that is taken back in the same breath ("ok, but don't") is unsure.
    """
    verdicts, spoken = _vocabulary(yes, no)
    answer = plain_or_sign(text)
    if verdict := verdicts.get(answer):
        return verdict
    match = spoken.search(answer)
    if match is None:
        return "unsure"
    verdict = verdicts[match[0]]
    if verdict == "yes" and TAKEN_BACK.search(answer, match.end()):
        return "unsure"
    return verdict
