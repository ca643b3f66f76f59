"""Links sent: to whom, when, and what became of them. No page can show a link's address: it is not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.urls import reverse
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.paginator import InfinitePaginator

from integrations.flows.links import pace
from integrations.models import AuthorizationLink, LinkBatch
from xoplatform.app_choice import role_in
from xoplatform.models import App, Role

from . import link_steps
from .base import ReadOnlyAdmin, title_of
from .display import moment
from .link_states import LinkProviderFilter, StateFilter, link_badge

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.utils.safestring import SafeString


@admin.register(AuthorizationLink)
class AuthorizationLinkAdmin(ReadOnlyAdmin):
    app_lookup = "action__app"
    change_list_template = "integrations/admin/links.html"
    change_form_template = "integrations/admin/link.html"
    list_display = ["person", "provider", "app", "state_badge", "channel", "sent", "expires", "failure"]
    list_filter = [StateFilter, ("channel", ChoicesDropdownFilter), LinkProviderFilter]
    # By the primary key and without counting: a hundred thousand rows open as fast as ten.
    ordering = ["-pk"]
    paginator = InfinitePaginator
    search_fields = ["end_user__name", "end_user__email", "end_user__external_id"]
    search_help_text = "Person, e-mail or the channel's id"
    actions = ["resend_chosen", "revoke_chosen"]
    fieldsets = [(None, {"fields": ["person", "state_badge"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuthorizationLink]:
        rows: QuerySet[AuthorizationLink] = super().get_queryset(request)
        return rows.select_related("action__app", "end_user", "created_by").defer("token_hash", "code_hash")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "batch__id__exact" or bool(super().lookup_allowed(lookup, value, request))

    @admin.display(description="Person", ordering="end_user__name")
    def person(self, link: AuthorizationLink) -> str:
        return str(link.end_user)

    @admin.display(description="Provider", ordering="action__provider")
    def provider(self, link: AuthorizationLink) -> str:
        return title_of(link.action.provider)

    @admin.display(description="App", ordering="action__app__name")
    def app(self, link: AuthorizationLink) -> str:
        return link.action.app.name

    @admin.display(description="State", ordering="state")
    def state_badge(self, link: AuthorizationLink) -> SafeString:
        return link_badge(link)

    @admin.display(description="Sent", ordering="sent_at")
    def sent(self, link: AuthorizationLink) -> SafeString | str:
        return moment(link.sent_at, never="-")

    @admin.display(description="Expires", ordering="expires_at")
    def expires(self, link: AuthorizationLink) -> SafeString | str:
        return moment(link.expires_at) if link.open else "-"

    @admin.display(description="What went wrong")
    def failure(self, link: AuthorizationLink) -> str:
        return link.send_error or "-"

    @admin.action(description="Send again…")
    def resend_chosen(self, request: HttpRequest, rows: QuerySet[AuthorizationLink]) -> HttpResponse | None:
        return link_steps.resend(request, rows)

    @admin.action(description="Revoke…")
    def revoke_chosen(self, request: HttpRequest, rows: QuerySet[AuthorizationLink]) -> HttpResponse | None:
        return link_steps.revoke(request, rows)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        batches = LinkBatch.objects.filter(action__app__in=self._apps(request)).exists()
        told = {"mail_trouble": pace.trouble(), "has_batches": batches}
        return super().changelist_view(request, {**(extra_context or {}), **told})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        link: Any = self.get_object(request, object_id)
        shown = {} if link is None else self._page(request, link)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **shown})  # type: ignore[no-any-return]

    def _apps(self, request: HttpRequest) -> QuerySet[App]:
        return App.objects.visible_to(request.user)

    def _page(self, request: HttpRequest, link: AuthorizationLink) -> dict[str, Any]:
        role = role_in(request, link.action.app)
        return {
            "title": f"Link for {link.end_user}",
            "link": link,
            "badge": link_badge(link),
            "provider_title": self.provider(link),
            "may_edit": role is not None and role.covers(Role.DEVELOPER),
            "may_resend": link.state != link.State.USED,
            "list_address": f"{reverse('admin:integrations_authorizationlink_changelist')}?app={link.action.app_id}",
            "facts": [
                ("Channel", link.get_channel_display()),
                ("Asked for by", link.created_by or "the App itself"),
                ("Made", moment(link.created_at)),
                ("Sent", moment(link.sent_at, never="not by mail" if link.delivery == "none" else "not yet")),
                ("Tries", link.send_attempts),
                ("Opened", moment(link.opened_at)),
                ("Used", moment(link.used_at)),
                ("Revoked", moment(link.revoked_at)),
                ("Expires", moment(link.expires_at)),
            ],
        }
