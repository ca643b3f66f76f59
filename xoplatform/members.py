"""Who works on an App, and the rule that somebody always answers for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db import IntegrityError
from django.db.models import Q
from django.db.transaction import atomic

from .core.errors import PlatformError
from .models import App, Member, Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser


class LastOwner(PlatformError):
    """{name} is the only owner of {app}. The membership was not changed. Make somebody else an owner first."""

    code = "last_owner"
    status = 409


class NoSuchStaff(PlatformError):
    """No staff account has the user name or e-mail {name}. Nobody was added. An administrator can create one."""

    code = "no_such_staff"
    status = 422


class AlreadyMember(PlatformError):
    """{name} is already a member of {app}. Nothing was changed. Change the role of the membership instead."""

    code = "already_member"
    status = 409


def add(app: App, name: str, role: Role) -> Member:
    """Makes the staff account with this user name or e-mail a member. Raises `NoSuchStaff` and `AlreadyMember`."""
    user = find_staff(name)
    try:
        with atomic():
            return Member.objects.create(app=app, user_id=user.pk, role=role)
    except IntegrityError:
        raise AlreadyMember(name=user.get_username(), app=app.name) from None


def find_staff(name: str) -> AbstractUser:
    """The active staff account with this user name or e-mail address. Raises `NoSuchStaff`."""
    named = Q(username__iexact=name.strip()) | Q(email__iexact=name.strip())
    found = list(get_user_model().objects.filter(named, is_staff=True, is_active=True)[:2])
    if len(found) != 1:
        raise NoSuchStaff(name=name)
    return found[0]


def change_role(member: Member, role: Role) -> None:
    """Gives a member another role. Raises `LastOwner` if nobody would own the App any more."""
    with atomic():
        _keep_an_owner(member, becomes=role)
        member.role = role
        member.save(update_fields=["role"])


def remove(member: Member) -> None:
    """Ends a membership. Raises `LastOwner` if nobody would own the App any more."""
    with atomic():
        _keep_an_owner(member, becomes=None)
        member.delete()


def is_last_owner(member: Member) -> bool:
    """Whether the App would have no owner without this member."""
    owners = Member.objects.filter(app_id=member.app_id, role=Role.OWNER)
    return member.pk in set(owners.values_list("pk", flat=True)) and owners.count() == 1


def _keep_an_owner(member: Member, *, becomes: Role | None) -> None:
    # Two owners who demote each other at the same moment are put in line by the App's row.
    app = App.objects.select_for_update().get(pk=member.app_id)
    if becomes is not Role.OWNER and is_last_owner(member):
        raise LastOwner(name=str(member.user), app=app.name)
