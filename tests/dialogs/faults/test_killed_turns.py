"""Killed at any instant, a conversation goes on without a double effect, and says what is so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .talking import CHANGES, TEMPLATES, UNKNOWN

if TYPE_CHECKING:
    from .talking import Outcome, Talk

#: In the suite every so manieth instant is tried, beginning with another one for each template.
STRIDE = 7
#: The status of a finished issue.
DONE = "10002"


def check(talk: Talk, template: str, outcome: Outcome, instant: str) -> None:
    """What must hold, whenever the process died."""
    told = f"{template}, killed {instant}: {outcome.said}"
    assert outcome.sent <= 1, told
    owns_up = any(words in outcome.said for words in UNKNOWN)
    changed = talk.with_words(outcome.words)
    if template == "create-issue":
        assert len(changed) <= 1, told
        assert all(key in outcome.said for key in changed), told
        assert changed or owns_up, told
    elif template == "update-issue":
        assert changed == [outcome.key] or owns_up, told
    elif template == "delete-issue":
        gone = talk.sandbox.issue(outcome.key) is None
        assert (gone and f"{outcome.key} is deleted" in outcome.said) or owns_up, told
    elif template == "add-comment":
        written = [one for one in held(talk, outcome)["comments"] if outcome.words in str(one["body"])]
        assert len(written) == 1 or (not written and owns_up), told
    elif template == "move-issue":
        assert held(talk, outcome)["status"] == DONE or owns_up, told
    elif template == "assign-issue":
        assert held(talk, outcome)["assignee"] is None, told
    else:
        assert outcome.key in outcome.said, told


def held(talk: Talk, outcome: Outcome) -> dict[str, Any]:
    """The issue as it is in Jira."""
    issue = talk.sandbox.issue(outcome.key)
    assert issue is not None
    return issue


def instants_of(talk: Talk, template: str) -> list[str]:
    """Everything that a conversation does which others can see, when nothing goes wrong."""
    outcome = talk.run(template)
    check(talk, template, outcome, "never")
    assert outcome.sent == (template in CHANGES)
    passed = talk.death.passed
    return passed[: len(passed) - 2]  # the last two are the message by which it is seen to go on


@pytest.mark.parametrize("template", list(TEMPLATES))
def test_a_process_that_dies_at_some_instant_does_nothing_twice(talk: Talk, template: str) -> None:
    instants = instants_of(talk, template)
    first = 1 + list(TEMPLATES).index(template) % STRIDE
    for at in range(first, len(instants) + 1, STRIDE):
        check(talk, template, talk.run(template, at), instants[at - 1])


@pytest.mark.parametrize("instant", ["before", "after"])
@pytest.mark.parametrize("template", list(CHANGES))
def test_a_process_that_dies_around_the_change_itself_does_it_once_at_most(
    talk: Talk, template: str, instant: str
) -> None:
    instants = instants_of(talk, template)
    method = {"update-issue": "PUT", "delete-issue": "DELETE"}.get(template, "POST")
    at = next(n for n, name in enumerate(instants, 1) if name.startswith(f"{instant} send {method}"))
    outcome = talk.run(template, at)
    check(talk, template, outcome, instants[at - 1])
    assert outcome.sent == (instant == "after")
    assert "I was cut off" in outcome.said


@pytest.mark.long
@pytest.mark.parametrize("template", list(TEMPLATES))
def test_a_process_that_dies_at_any_instant_does_nothing_twice(talk: Talk, template: str) -> None:
    instants = instants_of(talk, template)
    for at, instant in enumerate(instants, 1):
        check(talk, template, talk.run(template, at), instant)
