"""Rounds of links: how far their mails are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.urls import reverse

from integrations.flows import links
from integrations.flows.links import pace
from integrations.models import LinkBatch

from .base import ReadOnlyAdmin, title_of
from .display import GOOD, OFF, badge, moment

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString


@admin.register(LinkBatch)
class LinkBatchAdmin(ReadOnlyAdmin):
    app_lookup = "action__app"
    change_form_template = "integrations/admin/link_batch.html"
    list_display = ["asked", "provider", "app", "state_badge", "progress", "created_by"]
    ordering = ["-pk"]
    list_per_page = 20
    fieldsets = [(None, {"fields": ["asked", "state_badge"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LinkBatch]:
        rows: QuerySet[LinkBatch] = super().get_queryset(request)
        return rows.select_related("action__app", "created_by")

    @admin.display(description="Asked for", ordering="created_at")
    def asked(self, batch: LinkBatch) -> SafeString | str:
        return moment(batch.created_at)

    @admin.display(description="Provider", ordering="action__provider")
    def provider(self, batch: LinkBatch) -> str:
        return title_of(batch.action.provider)

    @admin.display(description="App", ordering="action__app__name")
    def app(self, batch: LinkBatch) -> str:
        return batch.action.app.name

    @admin.display(description="State")
    def state_badge(self, batch: LinkBatch) -> SafeString:
        return badge("Done", GOOD) if self._progress(batch).done else badge("Under way", OFF)

    @admin.display(description="Mails")
    def progress(self, batch: LinkBatch) -> str:
        return in_words(self._progress(batch))

    def _progress(self, batch: LinkBatch) -> links.Progress:
        known: links.Progress | None = getattr(batch, "counted", None)
        return known or links.progress_of([batch])[batch.pk]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The list with the progress of its rows, counted in one query."""
        changes = super().get_changelist_instance(request)
        changes.result_list = list(changes.result_list)
        counted = links.progress_of(changes.result_list)
        for batch in changes.result_list:
            batch.counted = counted[batch.pk]
        return changes

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        batch: Any = self.get_object(request, object_id)
        shown = {} if batch is None else self._page(batch)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})  # type: ignore[no-any-return]

    def _page(self, batch: LinkBatch) -> dict[str, Any]:
        progress = self._progress(batch)
        listed = f"{reverse('admin:integrations_authorizationlink_changelist')}?batch__id__exact={batch.pk}"
        return {
            "title": f"Links for {title_of(batch.action.provider)}",
            "batch": batch,
            "badge": self.state_badge(batch),
            "progress": progress,
            "mail_trouble": pace.trouble() if not progress.done else "",
            "links_address": listed,
            "figures": [
                ("Sent", progress.sent, f"{listed}&delivery__exact=sent"),
                ("Waiting to be sent", progress.waiting, f"{listed}&delivery__in=queued,sending"),
                ("Could not be sent", progress.failed, f"{listed}&delivery__exact=failed"),
                ("Not known whether sent", progress.unknown, f"{listed}&delivery__exact=unknown"),
                ("Not needed any more", progress.withdrawn, f"{listed}&delivery__exact=none"),
                ("Without e-mail, in chat", progress.without_email, ""),
            ],
        }


def in_words(progress: links.Progress) -> str:
    """Such as "38 of 40 sent, 1 could not be sent"."""
    told = [f"{progress.sent} of {progress.total} sent"]
    if progress.failed:
        told.append(f"{progress.failed} could not be sent")
    if progress.unknown:
        told.append(f"{progress.unknown} not known")
    return ", ".join(told)
