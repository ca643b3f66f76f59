"""What the database and the provider hold when all have talked, judged conversation by conversation.

Needs Django to be set up.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter, defaultdict
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from dialogs.models import Conversation, Turn
from integrations.models import OperationCall

from .answering import CHANNEL, name_of
from .talks import MARK
from .tracker import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .talks import Talk

CROSSED, LOST, DOUBLED = KINDS = ("crossed", "lost", "doubled")


class Judgement:
    """Faults by kind, each as the conversation's mark and words."""

    def __init__(self, talks: Sequence[Talk]) -> None:
        self.faults: dict[str, list[tuple[str, str]]] = {kind: [] for kind in KINDS}
        self._talks = {talk.mark: talk for talk in talks}
        self._by_id = {talk.conversation: talk for talk in talks if talk.conversation}

    def counts(self) -> dict[str, int]:
        """How many conversations have a fault of each kind."""
        return {kind: len({mark for mark, _words in found}) for kind, found in self.faults.items()}

    def judge(self, received: Sequence[dict[str, Any]]) -> None:
        """``received`` are the fields of the issues that the provider made, in its order."""
        for talk in self._talks.values():
            self._heard(talk)
        self._issues(received)
        self._rows()
        self._turns()
        self._calls()

    def _note(self, kind: str, mark: str, words: str) -> None:
        self.faults[kind].append((mark, words))

    def _strangers(self, talk: Talk, where: str, *texts: str) -> None:
        if found := talk.strangers(*texts):
            self._note(CROSSED, talk.mark, f"{where} holds words of {', '.join(sorted(found))}")

    def _heard(self, talk: Talk) -> None:
        for words in [*talk.errors, *talk.missing()]:
            self._note(LOST, talk.mark, words)
        if not talk.ended and not talk.errors:
            self._note(LOST, talk.mark, f"it got {len(talk.replies)} answers")
        self._strangers(talk, "what its person heard", *talk.replies)

    def _issues(self, received: Sequence[dict[str, Any]]) -> None:
        """Each conversation's summary went to the provider once, with its own project, and its issue was named."""
        of_mark: Mapping[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
        for number, fields in enumerate(received, 1):
            of_mark[fields["project"]["key"]].append((number, fields))
        for mark in of_mark.keys() - self._talks.keys():
            self._note(CROSSED, mark, "the provider got an issue of nobody's project")
        for talk in self._talks.values():
            found = of_mark[talk.mark]
            if len(found) != 1:
                self._note(DOUBLED if found else LOST, talk.mark, f"the provider made {len(found)} issues of it")
            for number, fields in found:
                if fields["summary"] != talk.summary:
                    self._note(CROSSED, talk.mark, f"the provider got the summary: {fields['summary']}")
                if talk.ended and not _names(talk.replies[-1], key_of(fields, number), talk.summary):
                    self._note(CROSSED, talk.mark, f"the last reply does not name its issue: {talk.replies[-1]}")

    def _rows(self) -> None:
        """One conversation each, its own person's, at its end, with no turn at work."""
        rows = Conversation.objects.filter(channel=CHANNEL).select_related("end_user")
        of_person = Counter[str]()
        for row in rows.iterator():
            of_person[row.end_user.external_id] += 1
            talk = self._by_id.get(row.public_id)
            if talk is None:
                self._note(DOUBLED, str(row.public_id), f"a conversation of {row.end_user.external_id} nobody knows of")
                continue
            if row.end_user.external_id != name_of(talk.number):
                self._note(CROSSED, talk.mark, f"its row belongs to {row.end_user.external_id}")
            if (row.revision, row.status, row.claim) != (len(talk.texts), Conversation.Status.OPEN, None):
                self._note(LOST, talk.mark, f"its row is {row.status} after {row.revision} turns, claim {row.claim}")
            self._strangers(talk, "its state", json.dumps(row.state))
        for talk in self._talks.values():
            if (found := of_person[name_of(talk.number)]) != 1:
                self._note(DOUBLED if found else LOST, talk.mark, f"its person has {found} conversations")

    def _turns(self) -> None:
        """The transcript: five turns with what was said and answered, and nothing of anybody else."""
        rows = Turn.objects.filter(conversation__channel=CHANNEL).select_related("conversation").defer("record")
        rows = rows.order_by("conversation", "number")
        for conversation, group in groupby(rows.iterator(), attrgetter("conversation.public_id")):
            if talk := self._by_id.get(conversation):
                self._transcript(talk, list(group))

    def _transcript(self, talk: Talk, turns: list[Turn]) -> None:
        said = [turn.text for turn in turns]
        if said != talk.texts:
            self._note(DOUBLED if len(said) > len(talk.texts) else LOST, talk.mark, f"its transcript says {said}")
        if ["\n".join(reply["text"] for reply in turn.replies) for turn in turns] != talk.replies:
            self._note(LOST, talk.mark, "its transcript has other replies than its person heard")
        self._strangers(talk, "its transcript", *said, *(json.dumps([turn.replies, turn.trace]) for turn in turns))

    def _calls(self) -> None:
        """The records of calls: one issue created, with its own words."""
        created = Counter[str]()
        columns = ("reference", "operation", "status", "path", "request", "response")
        for reference, operation, status, *texts in OperationCall.objects.values_list(*columns).iterator():
            talk = self._by_id.get(uuid.UUID(reference)) if reference else None
            if talk is None:
                self._note(DOUBLED, reference, f"a call of {operation} was recorded for a conversation nobody knows of")
                continue
            created[talk.mark] += operation == "createIssue"
            if status != OperationCall.Status.SUCCEEDED:
                self._note(LOST, talk.mark, f"the call of {operation} is recorded as {status}")
            self._strangers(talk, f"the record of {operation}", json.dumps(texts))
        for mark in self._talks:
            if created[mark] != 1:
                self._note(DOUBLED if created[mark] else LOST, mark, f"{created[mark]} creations are recorded")


def _names(reply: str, key: str, summary: str) -> bool:
    return key in reply and summary in reply and set(MARK.findall(reply)) == set(MARK.findall(summary))
