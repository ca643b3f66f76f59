"""Members: which staff work on an App, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from unfold.widgets import UnfoldAdminTextInputWidget

from xoplatform.admin_site import AppScopedAdmin
from xoplatform.core.errors import PlatformError
from xoplatform.members import change_role, find_staff, is_last_owner, remove
from xoplatform.models import Member, Role

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]  # generic only in the stubs
    """A new member is named, not picked: owners do not see the list of all staff."""

    person = forms.CharField(
        label="User name or e-mail",
        help_text="Of an existing staff account.",
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Member
        fields = ("app", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["person"]

    def clean_person(self) -> str:
        try:
            self.instance.user = find_staff(self.cleaned_data["person"])
        except PlatformError as error:
            raise ValidationError(error.message) from error
        return str(self.cleaned_data["person"])

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        app = cleaned.get("app")
        if self.instance.pk is None and app and self.instance.user_id:
            if Member.objects.filter(app=app, user_id=self.instance.user_id).exists():
                self.add_error("person", f"{self.instance.user} is already a member of {app}.")
        elif self.instance.pk and cleaned.get("role") != Role.OWNER and is_last_owner(self.instance):
            self.add_error("role", "This is the App's only owner. Make somebody else an owner first.")
        return cleaned


@admin.register(Member)
class MemberAdmin(AppScopedAdmin):
    form = MemberForm
    edit_role = Role.OWNER
    empty_text = "No staff account is a member of this App yet."
    list_display = ("who", "email", "role_badge", "app", "created_at")
    list_display_links = ("who",)
    list_filter = ("role",)
    list_select_related = ("user", "app")
    search_fields = ("user__username", "user__first_name", "user__last_name", "user__email")
    search_help_text = "Name, user name or e-mail"
    actions = None
    ordering = ("app__name", "user__username")

    def get_fields(self, _request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["app", "who", "email", "role"] if obj else ["app", "person", "role"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ["app", "who", "email"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if isinstance(obj, Member) and is_last_owner(obj):
            return False
        return super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Member, form: Any, change: bool) -> None:
        if change:
            wanted = Role(obj.role)
            obj.refresh_from_db()
            change_role(obj, wanted)
        else:
            super().save_model(request, obj, form, change)

    def delete_model(self, _request: HttpRequest, obj: Member) -> None:
        remove(obj)

    @admin.display(description="Member", ordering="user__username")
    def who(self, member: Member) -> str:
        return member.user.get_full_name() or member.user.get_username()

    @admin.display(description="E-mail")
    def email(self, member: Member) -> str:
        return member.user.email or "-"

    @admin.display(description="Role", ordering="role")
    def role_badge(self, member: Member) -> str:
        colour = {"owner": "info", "developer": "ok"}.get(member.role, "off")
        return format_html('<span class="xo-badge xo-badge--{}">{}</span>', colour, member.get_role_display())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user", "app")
