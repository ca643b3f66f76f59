"""Staff accounts, for superusers. What allauth keeps about them stays out of sight: it holds secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Exists, OuterRef, QuerySet
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

if TYPE_CHECKING:
    from django.http import HttpRequest

for _hidden in (Authenticator, EmailAddress, EmailConfirmation, Group, User):
    if admin.site.is_registered(_hidden):
        admin.site.unregister(_hidden)


@admin.register(User)
class StaffAdmin(UserAdmin, ModelAdmin):  # type: ignore[type-arg,misc]  # unfold ships no types
    """Permissions come from membership in Apps, so groups and single permissions are not offered."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "full_name", "email", "is_staff", "is_superuser", "two_factor", "last_login")
    list_filter = ("is_superuser", "is_staff", "is_active")
    search_help_text = "User name, name or e-mail"
    filter_horizontal = ()
    actions = ("turn_off_two_factor",)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": (("first_name", "last_name"), "email")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Dates", {"fields": (("last_login", "date_joined"),)}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "email", "usable_password", "password1", "password2", "is_staff")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"is_staff": "1", **super().get_changeform_initial_data(request)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        authenticators = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        users: QuerySet[User] = super().get_queryset(request)
        return users.annotate(has_two_factor=Exists(authenticators))

    @admin.display(description="Name", ordering="last_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description="Two-factor", boolean=True)
    def two_factor(self, user: User) -> bool:
        return bool(getattr(user, "has_two_factor", False))

    @admin.action(description="Turn off two-factor sign-in (lost device)", permissions=["change"])
    def turn_off_two_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            Authenticator.objects.filter(user=user).delete()
            self.log_change(request, user, "Turned off two-factor sign-in.")
        self.message_user(
            request,
            f"Two-factor sign-in is off for {len(users)} account{'s' if len(users) != 1 else ''}. "
            f"They sign in with the password alone until they set it up again.",
            messages.WARNING,
        )
