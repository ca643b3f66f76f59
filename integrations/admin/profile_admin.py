"""Authorization profiles: how an App authorizes with a client of its own (the Custom card)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from integrations.catalog import registry
from integrations.flows.clients import callback_url
from integrations.models import AuthorizationProfile
from xoplatform.admin_site import page_context

from .base import IntegrationAdmin, title_of
from .display import copyable, moment
from .profile_form import ProfileForm, values_of

if TYPE_CHECKING:
    from django.forms import Field
    from django.utils.safestring import SafeString


@admin.register(AuthorizationProfile)
class AuthorizationProfileAdmin(IntegrationAdmin):
    form = ProfileForm
    list_display = ["name", "type", "app", "identity_provider", "used_by", "changed"]
    list_select_related = ["app"]
    search_fields = ["name", "identity_provider", "client_id"]
    fieldsets = [
        (None, {"fields": ["app", "name", "type", "identity_provider", "callback_url"]}),
        ("Client", {"fields": ["client_id", "client_secret"]}),
        ("Addresses", {"fields": ["authorization_url", "token_url", "refresh_url"]}),
        ("What is asked for", {"fields": ["scopes", "description"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuthorizationProfile]:
        profiles: QuerySet[AuthorizationProfile] = super().get_queryset(request)
        return profiles.annotate(users=Count("actions"))

    def get_readonly_fields(self, _request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["callback_url", "used_by", *(["app", "type"] if obj else [])]

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        return [*shown, ("Use", {"fields": ["used_by"]})] if obj else shown

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Field:
        if db_field.name == "type":
            # The others follow with the ways to authorize that use them.
            kwargs["choices"] = [(AuthorizationProfile.Type.OAUTH2.value, AuthorizationProfile.Type.OAUTH2.label)]
            kwargs["help_text"] = "Other types come with the next releases."
        return super().formfield_for_choice_field(db_field, request, **kwargs)  # type: ignore[no-any-return]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        wanted = request.GET.get("provider", "")
        known = registry.providers().get(wanted)
        return initial if known is None else {**initial, **values_of(known.manifest)}

    @admin.display(description="Callback URL")
    def callback_url(self, _profile: AuthorizationProfile) -> SafeString:
        return copyable(callback_url(), "the Callback URL")

    @admin.display(description="Used by", ordering="users")
    def used_by(self, profile: AuthorizationProfile) -> str:
        count = getattr(profile, "users", 0)
        return "nothing" if not count else f"{count} action{'s' if count > 1 else ''}"

    @admin.display(description="Changed", ordering="updated_at")
    def changed(self, profile: AuthorizationProfile) -> SafeString | str:
        return moment(profile.updated_at)

    def response_add(
        self, request: HttpRequest, obj: AuthorizationProfile, post_url_continue: str | None = None
    ) -> Any:
        back = request.GET.get("next", "")
        if back and url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
            messages.success(request, f"“{obj}” is saved. Select it under Custom, then authorize.")
            return HttpResponseRedirect(back)
        return super().response_add(request, obj, post_url_continue)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        profile: Any = self.get_object(request, object_id)
        if profile is None or not self.has_delete_permission(request, profile):
            return super().delete_view(request, object_id, extra_context)  # type: ignore[no-any-return]  # says 404 or 403
        back = reverse("admin:integrations_authorizationprofile_change", args=[profile.pk])
        if users := list(profile.actions.select_related("app")):
            names = ", ".join(f"{title_of(a.provider)} in {a.app}" for a in users)
            messages.error(
                request,
                f"“{profile}” is used by {names}. It was not deleted. Choose another authorization there first.",
            )
            return HttpResponseRedirect(back)
        if request.method == "POST":
            self.delete_model(request, profile)
            messages.success(request, f"“{profile}” is deleted.")
            return HttpResponseRedirect(reverse("admin:integrations_authorizationprofile_changelist"))
        return TemplateResponse(request, "integrations/admin/confirm.html", self._confirmation(request, profile, back))

    def _confirmation(self, request: HttpRequest, profile: AuthorizationProfile, back: str) -> dict[str, Any]:
        return page_context(
            request,
            profile.app,
            "Delete authorization profile",
            question=f"Delete “{profile}”?",
            consequences=["Its client ID and secret are deleted for good. Nothing uses it now."],
            button="Delete",
            is_dangerous=True,
            back=back,
        )
