"""App, its members (staff) and its end users (people who chat)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


class Role(models.TextChoices):
    """What a member may do in an App. Each role may do all that those before it may."""

    VIEWER = "viewer", _("Viewer")
    DEVELOPER = "developer", _("Developer")
    OWNER = "owner", _("Owner")

    def covers(self, needed: Role) -> bool:
        """Whether this role is at least ``needed``."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


class AppQuerySet(models.QuerySet["App"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> AppQuerySet:
        """Apps this user is a member of; all of them for a superuser."""
        if getattr(user, "is_superuser", False):
            return self
        return self.filter(members__user_id=user.pk or 0)

    def with_role(self, user: AbstractBaseUser | AnonymousUser, role: Role) -> AppQuerySet:
        """Apps in which this user holds at least ``role``."""
        if getattr(user, "is_superuser", False):
            return self
        enough = [held for held in Role if held.covers(role)]
        return self.filter(members__user_id=user.pk or 0, members__role__in=enough)


class App(models.Model):
    """An assistant. It owns its members, end users, actions, dialogs and conversations."""

    class IdentityRule(models.TextChoices):
        OFF = "off", _("Accept any account")
        WARN = "warn", _("Warn when the e-mail differs")
        REQUIRE = "require", _("Require the same e-mail")

    name = models.CharField(max_length=100)
    slug = models.SlugField(
        max_length=60, unique=True, help_text=_("Part of the App's address; lower-case letters, digits and hyphens.")
    )
    description = models.TextField(blank=True)
    locale = models.CharField(
        max_length=20, default="en", help_text=_("Language used when an end user's own is unknown.")
    )
    time_zone = models.CharField(max_length=60, default="UTC")
    identity_rule = models.CharField(
        max_length=10,
        choices=IdentityRule.choices,
        default=IdentityRule.OFF,
        help_text=_(
            "When an end user connects an account: whether its e-mail must be the end user's. "
            "An e-mail that the provider hides counts as different."
        ),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AppQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def role_of(self, user: AbstractBaseUser | AnonymousUser) -> Role | None:
        """The user's role here, ``None`` for a stranger. A superuser counts as owner."""
        if getattr(user, "is_superuser", False):
            return Role.OWNER
        role = self.members.filter(user_id=user.pk or 0).values_list("role", flat=True).first()
        return Role(role) if role else None


class Member(models.Model):
    """A staff user's role in one App."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.DEVELOPER)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["app", "user"]
        constraints = [models.UniqueConstraint(fields=["app", "user"], name="one_role_per_member")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class EndUserManager(models.Manager["EndUser"]):
    def for_staff(self, app: App, user: Any) -> EndUser:
        """The end user as whom a staff member tries the App in *Talk to Bot*; created at first use."""
        end_user, _created = self.get_or_create(
            app=app,
            external_id=f"staff:{user.pk}",
            defaults={"email": user.email, "name": user.get_full_name() or user.get_username()},
        )
        return end_user


class EndUser(models.Model):
    """A person who chats with an App, known by the id that the channel gives."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="end_users")
    external_id = models.CharField(max_length=200, help_text=_("The channel's id of this person; unique in the App."))
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=200, blank=True)
    locale = models.CharField(max_length=20, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = EndUserManager()

    class Meta:
        ordering = ["app", "external_id"]
        constraints = [models.UniqueConstraint(fields=["app", "external_id"], name="one_end_user_per_external_id")]

    def __str__(self) -> str:
        return self.name or self.email or self.external_id
