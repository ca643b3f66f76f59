"""What dialogs say on Home and on an App's Overview."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from dialogs.flows.author import draft_document
from dialogs.flows.validate import problems_of
from dialogs.models import Conversation, DialogTask, DialogTest, Turn
from xoplatform.dashboard import Attention, Figure, attention, figure
from xoplatform.overview import Step, set_up_steps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xoplatform.models import App, AppQuerySet

#: So many unpublished drafts are looked through, those edited last first; validating runs their scripts' compiler.
LOOKED_THROUGH = 20


@lru_cache(maxsize=512)
def problem_count(task_id: int, revision: int) -> int:
    """How many problems keep a draft from being published; found once per revision and process."""
    return len(problems_of(draft_document(DialogTask.objects.get(pk=task_id))))


@attention
def dialogs_with_problems(apps: AppQuerySet) -> Iterable[Attention]:
    """Drafts that cannot be published as they are."""
    unpublished = Q(published=None) | ~Q(published_revision=F("revision"))
    tasks = DialogTask.objects.filter(unpublished, app__in=apps).select_related("app").order_by("-updated_at")
    for task in tasks[:LOOKED_THROUGH]:
        if count := problem_count(task.pk, task.revision):
            yield Attention(
                app=task.app,
                title=f"{task.title} has {count} problem{'s' if count > 1 else ''}",
                detail="The draft cannot be published until they are mended; what is published goes on running.",
                link=reverse("admin:app_canvas", args=[task.app.slug, task.pk]),
                label="Open canvas",
            )


@attention
def failing_tests(apps: AppQuerySet) -> Iterable[Attention]:
    """Apps with tests that failed when they last ran; one query."""
    failed = Count("dialog_tests", filter=Q(dialog_tests__status=DialogTest.Status.FAILED))
    for app in apps.annotate(failed=failed).filter(failed__gt=0):
        count: int = app.failed  # type: ignore[attr-defined]  # annotated above
        yield Attention(
            app=app,
            title=f"{count} test{'s' if count > 1 else ''} failed",
            detail="A dialog goes otherwise than it did when the test was recorded. They run again before publishing.",
            link=reverse("admin:app_tests", args=[app.slug]),
            label="Open tests",
        )


@figure
def conversations_today(apps: AppQuerySet) -> Iterable[Figure]:
    """How much people talked since midnight."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    turns = Turn.objects.filter(conversation__app__in=apps, created_at__gte=midnight)
    yield Figure(
        title="Conversations today",
        value=turns.values("conversation").distinct().count(),
        detail="with at least one message",
        link=reverse("admin:dialogs_conversation_changelist"),
    )


@set_up_steps
def from_templates_to_people(app: App) -> Iterable[Step]:
    """Install, try, publish."""
    tasks = DialogTask.objects.filter(app=app)
    dialogs = reverse("admin:app_dialogs", args=[app.slug])
    yield Step(
        order=20,
        title="Install dialogs",
        detail="Ready-made dialogs come with each action; each becomes a dialog task of this App.",
        link=reverse("admin:app_actions", args=[app.slug]),
        label="Explore",
        done=tasks.exists(),
    )
    yield Step(
        order=30,
        title="Try them in Talk to Bot",
        detail="You chat with the drafts as they are now.",
        link=reverse("admin:app_talk", args=[app.slug]),
        label="Talk to Bot",
        done=Conversation.objects.filter(app=app).exists(),
    )
    yield Step(
        order=40,
        title="Publish",
        detail="Channels run published versions only; a conversation stays with the version it began with.",
        link=dialogs,
        label="Choose a dialog",
        done=tasks.exclude(published=None).exists(),
    )
