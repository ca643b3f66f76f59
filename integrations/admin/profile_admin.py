"""Authorization profiles: how an App authorizes with a client of its own (the Custom card)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from integrations.catalog import registry
from integrations.errors import ProfileInUse
from integrations.flows import profiles
from integrations.flows.clients import callback_url
from integrations.models import AuthorizationProfile
from xoplatform.admin_site import page_context

from .base import IntegrationAdmin
from .client_faults import note_of
from .display import copyable, moment
from .profile_form import GROUPS, ProfileForm, groups_for, type_styles, values_of
from .profile_trial import trial_page

if TYPE_CHECKING:
    from django.forms import Field
    from django.utils.safestring import SafeString


@admin.register(AuthorizationProfile)
class AuthorizationProfileAdmin(IntegrationAdmin):
    form = ProfileForm
    list_display = ["name", "type", "app", "identity_provider", "used_by", "changed"]
    list_select_related = ["app"]
    search_fields = ["name", "identity_provider", "client_id"]
    change_form_template = "integrations/admin/profile.html"
    fieldsets = [
        (title or None, {"fields": ["app", *fields] if not title else list(fields)}) for title, fields in GROUPS
    ]

    def get_urls(self) -> list[Any]:
        name = "integrations_authorizationprofile_test"
        return [path("<int:pk>/test/", self.admin_site.admin_view(self.test_view), name=name), *super().get_urls()]

    def test_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Strangers get 404, viewers 403: a test sends the secret to the provider."""
        profile = self.get_queryset(request).filter(pk=pk).first()
        if profile is None:
            raise Http404("No such authorization profile.")
        if not self.has_change_permission(request, profile):
            raise PermissionDenied("This needs the role Developer. Ask an owner of the App.")
        return trial_page(request, profile)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuthorizationProfile]:
        profiles: QuerySet[AuthorizationProfile] = super().get_queryset(request)
        return profiles.annotate(users=Count("actions"))

    def get_readonly_fields(self, _request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["callback_url", "used_by", *(["app", "type"] if obj else [])]

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if not isinstance(obj, AuthorizationProfile):
            return super().get_fieldsets(request, obj)
        groups = groups_for(obj.type)
        shown = [(t or None, {"fields": ["app", *fields] if not t else fields}) for t, fields in groups]
        return [*shown, ("Use", {"fields": ["used_by"]})]

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Field:
        if db_field.name == "type":
            kwargs["help_text"] = "Each type shows its own fields; what was typed stays when you switch."
        return super().formfield_for_choice_field(db_field, request, **kwargs)  # type: ignore[no-any-return]

    def save_model(self, request: HttpRequest, obj: AuthorizationProfile, form: Any, _change: bool) -> None:
        profiles.save(obj, secret=form.cleaned_data.get("client_secret"), actor=request.user)

    def delete_model(self, request: HttpRequest, obj: AuthorizationProfile) -> None:
        profiles.delete(obj, actor=request.user)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        original = context.get("original")
        context["type_styles"] = type_styles(original.type if original else "")
        context["client_faults"] = [note_of(fault) for fault in original.faults.all()] if original else []
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[no-any-return]

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
        try:
            profiles.refuse_if_used(profile)
            if request.method == "POST":
                self.delete_model(request, profile)
        except ProfileInUse as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(back)
        if request.method == "POST":
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
