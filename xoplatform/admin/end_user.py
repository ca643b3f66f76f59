"""End users: the people who chat with an App."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action

from xoplatform.admin_site import AppScopedAdmin, page_context
from xoplatform.erasure import consequences_of, erase
from xoplatform.models import EndUser

if TYPE_CHECKING:
    from django.db.models import Model
    from django.http import HttpRequest, HttpResponseBase


@admin.register(EndUser)
class EndUserAdmin(AppScopedAdmin):
    empty_text = "Nobody has talked to this App yet. People appear here with their first message, or when you add them."
    list_display = ("person", "external_id", "email", "app", "created_at")
    list_display_links = ("person",)
    list_select_related = ("app",)
    actions_detail = ("erase",)
    search_fields = ("name", "email", "external_id")
    search_help_text = "Name, e-mail or the channel's id"
    ordering = ("-pk",)
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("app", "external_id", "name", "email")}),
        ("Language and time", {"fields": (("locale", "time_zone"),)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """The channel's id stays: conversations and connections hang on it."""
        return [*super().get_readonly_fields(request, obj), "external_id"] if obj else []

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Nobody: a person goes by Erase, which also forgets what does not hang on their row."""
        return False

    def has_erase_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        person = EndUser.objects.select_related("app").filter(pk=object_id).first() if object_id else None
        return person is not None and self.has_change_permission(request, person)

    @action(description="Erase…", url_path="erase", permissions=["erase"])  # type: ignore[untyped-decorator]
    def erase(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Asks on GET and says what goes; forgets the person on POST."""
        person: Any = self.get_object(request, object_id)
        if request.method == "POST":
            pseudonym = erase(person)
            # The message stays in the session, so it must not name whom it is about.
            messages.success(request, f"The person is erased. Records that remain name them {pseudonym}.")
            return redirect("admin:xoplatform_enduser_changelist")
        back = reverse("admin:xoplatform_enduser_change", args=[person.pk])
        context = page_context(request, person.app, "Erase", person=person, back=back, told=consequences_of(person))
        return TemplateResponse(request, "xoplatform/end_user_erase.html", context)

    @admin.display(description="Person", ordering="name")
    def person(self, end_user: EndUser) -> str:
        return str(end_user)
