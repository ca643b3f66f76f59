"""What all channels sent and heard, compared with the API's transcripts and the provider's issues."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from .talks import Talk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

LOST, DOUBLED, CROSSED = KINDS = ("lost", "doubled", "crossed")
#: Faults that are told in words; the rest are counted.
TOLD: Final = 20


class Ledger:
    """One entry per conversation; faults by kind, each as the conversation's mark and words."""

    def __init__(self) -> None:
        self.talks: dict[str, Talk] = {}
        self.faults: list[tuple[str, str, str]] = []
        #: Conversations whose last reply tells that a creation was found again after a crash, or is not known.
        self.told_of_a_crash = 0

    def open(self, number: int) -> Talk:
        talk = Talk(number)
        self.talks[talk.mark] = talk
        return talk

    def counts(self) -> dict[str, int]:
        """Conversations with a fault of each kind."""
        by_kind = {kind: len({mark for of, mark, _words in self.faults if of == kind}) for kind in KINDS}
        return by_kind | {"told_of_a_crash": self.told_of_a_crash}

    def told(self) -> Iterator[str]:
        for kind, mark, words in self.faults[:TOLD]:
            yield f"{kind}: {mark}: {words}"
        if len(self.faults) > TOLD:
            yield f"and {len(self.faults) - TOLD} more"

    def compare(self, transcript: Callable[[str], list[dict[str, Any]]], received: Sequence[dict[str, Any]]) -> None:
        """``transcript`` tells a conversation as the API does; ``received`` are the provider's issues."""
        made: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for fields in received:
            made[fields["project"]["key"]].append(fields)
        for talk in self.talks.values():
            self._heard(talk)
            self._issues(talk, made[talk.mark])
            if talk.conversation:
                self._transcript(talk, transcript(str(talk.conversation)))
        for mark in made.keys() - self.talks.keys():
            self._note(CROSSED, mark, "the provider got an issue of nobody's project")

    def _note(self, kind: str, mark: str, words: str) -> None:
        self.faults.append((kind, mark, words))

    def _heard(self, talk: Talk) -> None:
        for words in talk.errors:
            self._note(LOST, talk.mark, words)
        if strangers := talk.strangers(*talk.replies):
            self._note(CROSSED, talk.mark, f"its person heard of {sorted(strangers)}")

    def _issues(self, talk: Talk, made: Sequence[dict[str, Any]]) -> None:
        if not talk.ended:
            return
        if len(made) > 1:
            self._note(DOUBLED, talk.mark, f"the provider made {len(made)} issues of it")
        says_done = not list(talk.missing())
        self.told_of_a_crash += not says_done
        if says_done and len(made) != 1:
            self._note(LOST, talk.mark, f"it was told of an issue; the provider made {len(made)}")
        for fields in made:
            if fields["summary"] != talk.summary:
                self._note(CROSSED, talk.mark, f"the provider got the summary: {fields['summary']}")

    def _transcript(self, talk: Talk, turns: Sequence[dict[str, Any]]) -> None:
        said = [turn["text"] for turn in turns if turn["text"]]
        if said != talk.texts[: len(said)] or len(said) < len(talk.replies):
            self._note(DOUBLED if len(said) > len(talk.texts) else LOST, talk.mark, f"its transcript says {said}")
        if strangers := talk.strangers(*said, *(str(turn["replies"]) for turn in turns)):
            self._note(CROSSED, talk.mark, f"its transcript holds words of {sorted(strangers)}")
