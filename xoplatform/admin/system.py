"""System, for superusers: what the workers did, what is due, and whether all parts answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.shortcuts import render
from django.utils.html import format_html
from django_celery_beat import models as beat
from django_celery_results import models as results
from unfold.admin import ModelAdmin

from xoplatform.admin_site import page_context, system_page
from xoplatform.health import run_checks, run_duties

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse

for _replaced in (
    beat.ClockedSchedule,
    beat.CrontabSchedule,
    beat.IntervalSchedule,
    beat.PeriodicTask,
    beat.SolarSchedule,
    results.GroupResult,
    results.TaskResult,
):
    if admin.site.is_registered(_replaced):
        admin.site.unregister(_replaced)

STATUS = {"SUCCESS": "ok", "FAILURE": "error", "RETRY": "warn", "STARTED": "info"}


class ReadOnlyAdmin(ModelAdmin):  # type: ignore[misc]  # unfold ships no types
    """Rows that only the machinery writes."""

    actions = None

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


@admin.register(results.TaskResult)
class JobAdmin(ReadOnlyAdmin):
    empty_text = "No job has run yet. The worker writes down here what it did."
    list_display = ("job", "status_badge", "date_started", "date_done", "worker")
    list_filter = ("status",)
    search_fields = ("task_id", "task_name", "periodic_task_name")
    ordering = ("-date_created",)
    show_full_result_count = False
    fields = ("task_id", "job", "status_badge", "worker", "date_created", "date_started", "date_done", "traceback")
    readonly_fields = ("job", "status_badge")

    @admin.display(description="Job", ordering="task_name")
    def job(self, result: Any) -> str:
        return str(result.periodic_task_name or result.task_name or result.task_id)

    @admin.display(description="State", ordering="status")
    def status_badge(self, result: Any) -> str:
        return format_html(
            '<span class="xo-badge xo-badge--{}">{}</span>', STATUS.get(result.status, "off"), result.status.lower()
        )


@admin.register(beat.PeriodicTask)
class ScheduleAdmin(ReadOnlyAdmin):
    empty_text = "Nothing is scheduled yet. The beat process writes its schedule here when it first runs."
    list_display = ("name", "due", "enabled", "last_run_at", "total_run_count")
    search_fields = ("name", "task")
    list_select_related = ("interval", "crontab", "solar", "clocked")
    ordering = ("name",)
    fields = ("name", "task", "due", "enabled", "last_run_at", "total_run_count", "description")
    readonly_fields = ("due",)

    @admin.display(description="Runs")
    def due(self, task: Any) -> str:
        return str(task.scheduler)


@system_page("health/", name="system_health")
def health(request: HttpRequest) -> HttpResponse:
    """Whether the parts that everything stands on answer, and what is neglected, in words."""
    results, duties = run_checks(), run_duties()
    tone = "error" if any(one.error for one in results) else "warn" if any(one.error for one in duties) else "ok"
    context = page_context(request, None, "Health", results=results, duties=duties, tone=tone)
    return render(request, "xoplatform/health.html", context)
