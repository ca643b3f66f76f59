from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import StaffFactory
from xoplatform.members import LastOwner, NoSuchStaff, change_role, find_staff, remove
from xoplatform.models import App, Member, Role

SignIn = Callable[[str], Client]


def member(app: App, username: str) -> Member:
    return app.members.get(user__username=username)


def test_the_last_owner_can_neither_be_demoted_nor_removed(app: App) -> None:
    with pytest.raises(LastOwner, match="only owner of Helpdesk Bot"):
        change_role(member(app, "olive"), Role.VIEWER)
    with pytest.raises(LastOwner):
        remove(member(app, "olive"))
    assert member(app, "olive").role == Role.OWNER


def test_an_owner_goes_once_there_is_another(app: App) -> None:
    change_role(member(app, "devi"), Role.OWNER)
    remove(member(app, "olive"))
    assert list(app.members.filter(role=Role.OWNER).values_list("user__username", flat=True)) == ["devi"]


def test_the_page_says_why_the_last_owner_stays(app: App, sign_in: SignIn) -> None:
    address = reverse("admin:xoplatform_member_change", args=[member(app, "olive").pk])
    answer = sign_in("olive").post(address, {"role": Role.VIEWER})
    assert "only owner" in answer.content.decode()
    assert member(app, "olive").role == Role.OWNER


def test_an_owner_adds_a_member_by_name_or_e_mail(app: App, sign_in: SignIn) -> None:
    StaffFactory(username="newcomer", email="new@example.com")
    sign_in("olive").post(
        reverse("admin:xoplatform_member_add"), {"app": app.pk, "person": "NEW@example.com", "role": Role.VIEWER}
    )
    assert member(app, "newcomer").role == Role.VIEWER


def test_an_unknown_name_is_refused_with_who_can_help(app: App, sign_in: SignIn) -> None:
    answer = sign_in("olive").post(
        reverse("admin:xoplatform_member_add"), {"app": app.pk, "person": "nobody", "role": Role.VIEWER}
    )
    assert "An administrator can create one" in answer.content.decode()


def test_an_e_mail_of_two_accounts_names_nobody(app: App) -> None:
    StaffFactory(username="twin1", email="twin@example.com")
    StaffFactory(username="twin2", email="twin@example.com")
    with pytest.raises(NoSuchStaff):
        find_staff("twin@example.com")


def test_nobody_is_a_member_twice(app: App, sign_in: SignIn) -> None:
    answer = sign_in("olive").post(
        reverse("admin:xoplatform_member_add"), {"app": app.pk, "person": "vic", "role": Role.OWNER}
    )
    assert "already a member" in answer.content.decode()
    assert member(app, "vic").role == Role.VIEWER
