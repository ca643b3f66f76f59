"""Going back to a turn of *Talk to Bot*: a new conversation that begins where that turn began."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from dialogs.errors import CannotGoBack
from dialogs.models import Conversation, DialogTask, Turn, Version

from .publish import snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Turns before it that the new conversation shows.
MOST: Final = 200


def try_again(conversation: Conversation, number: int) -> tuple[Conversation, str, list[dict[str, Any]]]:
    """The new conversation, and what was said in that turn with its files, for the person to say again or otherwise.

    It goes on with the drafts as they are now. Raises CannotGoBack where the turn's record was not kept, or where the
    draft no longer has the node that waited.
    """
    rows = list(conversation.turns.filter(number__lte=number).order_by("-number")[: MOST + 1])
    if not rows or rows[0].number != number or rows[0].record is None or not conversation.draft:
        raise CannotGoBack
    if rows[0].record["state"].get("waiting") == "event":
        # What is waited for would come to the conversation that opened the wait.
        raise CannotGoBack
    state = _now(rows[0].record["state"])
    earlier = list(reversed(rows[1:]))
    with transaction.atomic():
        fresh = _open(conversation, state, len(earlier))
        Turn.objects.bulk_create(_copies(fresh, earlier))
    return fresh, rows[0].text, rows[0].record.get("files", [])


def _open(conversation: Conversation, state: dict[str, Any], revision: int) -> Conversation:
    waits = state.get("waiting") == "authorization"
    return Conversation.objects.create(
        app_id=conversation.app_id,
        end_user_id=conversation.end_user_id,
        channel=conversation.channel,
        draft=True,
        focus_id=conversation.focus_id,
        status=Conversation.Status.WAITING if waits else Conversation.Status.OPEN,
        state=state,
        revision=revision,
    )


def _copies(fresh: Conversation, rows: Iterable[Turn]) -> Iterable[Turn]:
    for number, row in enumerate(rows, start=1):
        yield Turn(
            conversation=fresh,
            number=number,
            text=row.text,
            replies=row.replies,
            trace=row.trace,
            record=row.record,
        )


def _now(state: dict[str, Any]) -> dict[str, Any]:
    """The state with the drafts of today in place of the versions that it began with."""
    frames = [_frame(frame) for frame in state.get("frames", ())]
    held = [[_frame(frame) for frame in stack] for stack in state.get("held", ())]
    return {**_frame(state), **({"frames": frames} if frames else {}), **({"held": held} if held else {})}


def _frame(frame: dict[str, Any]) -> dict[str, Any]:
    """One task's part of a state, which names the version and the way to the node that waits."""
    if not frame.get("task"):
        return frame
    version = Version.objects.filter(pk=frame["task"]).only("task_id").first()
    if version is None:
        raise CannotGoBack
    current = snapshot(DialogTask.objects.only("pk", "snapshot_id").get(pk=version.task_id))
    if not {*frame.get("path", ())} <= {node["name"] for node in current.document["nodes"]}:
        raise CannotGoBack
    return {**frame, "task": str(current.pk)}
