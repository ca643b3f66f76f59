from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AppFactory, EndUserFactory, MemberFactory
from xoplatform.contents import contents_of
from xoplatform.models import App

SignIn = Callable[[str], Client]


def test_the_switcher_offers_ones_own_apps_only(app: App, sign_in: SignIn) -> None:
    page = sign_in("vic").get(reverse("admin:index")).content.decode()
    assert "Helpdesk Bot" in page
    assert "Elsewhere" not in page


def test_the_app_opened_last_is_remembered(app: App, sign_in: SignIn) -> None:
    rooty = sign_in("rooty")
    rooty.get(reverse("admin:app_overview", args=["helpdesk"]))
    assert rooty.get(reverse("admin:index")).context["chosen_app"].slug == "helpdesk"
    rooty.get(reverse("admin:app_overview", args=["elsewhere"]))
    assert rooty.get(reverse("admin:index")).context["chosen_app"].slug == "elsewhere"


def test_opening_a_row_chooses_its_app(app: App, sign_in: SignIn) -> None:
    rooty = sign_in("rooty")
    person = EndUserFactory(app=App.objects.get(slug="elsewhere"))
    page = rooty.get(reverse("admin:xoplatform_enduser_change", args=[person.pk]))
    assert page.context["chosen_app"].slug == "elsewhere"


def test_the_side_bar_leads_to_the_chosen_apps_pages(app: App, sign_in: SignIn) -> None:
    vic = sign_in("vic")
    groups = vic.get(reverse("admin:app_overview", args=[app.slug])).context["sidebar_navigation"]
    links = {item["title"]: item["link"] for group in groups for item in group["items"]}
    assert links["Overview"] == reverse("admin:app_overview", args=[app.slug])
    assert links["End users"].endswith(f"?app={app.pk}")
    assert [group["title"] for group in groups if group["title"]][:2] == ["Integrations", "Dialogs"]
    assert "Staff accounts" not in links
    assert all(vic.get(link).status_code == 200 for link in links.values())


def test_exactly_one_line_of_the_side_bar_is_open(app: App, sign_in: SignIn) -> None:
    rooty = sign_in("rooty")
    groups = rooty.get(reverse("admin:index")).context["sidebar_navigation"]
    links = [item["link"] for group in groups for item in group["items"]]
    for link in links:
        if link == reverse("api-docs"):  # beside the admin, without its side bar
            continue
        shown = rooty.get(link).context["sidebar_navigation"]
        assert [item["link"] for group in shown for item in group["items"] if item["active"]] == [link]


def test_home_without_any_app_says_what_an_app_is(db: None, admin_client: Client) -> None:
    page = admin_client.get(reverse("admin:index")).content.decode()
    assert "not a member of any App yet" in page
    assert reverse("admin:xoplatform_app_add") in page


def test_a_deletion_says_what_goes_before_it_goes(app: App, sign_in: SignIn) -> None:
    EndUserFactory.create_batch(3, app=app)
    olive = sign_in("olive")
    address = reverse("admin:xoplatform_app_delete", args=[app.pk])
    page = olive.get(address).content.decode()
    assert "Delete Helpdesk Bot for good" in page
    assert contents_of(app) == {"members": 3, "end users": 3}
    olive.post(address, {"post": "yes"})
    assert not App.objects.filter(slug="helpdesk").exists()
    assert App.objects.filter(slug="elsewhere").exists()


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("/admin/", 20),
        ("/admin/xoplatform/app/", 14),
        ("/admin/apps/helpdesk/", 32),
        ("/admin/xoplatform/enduser/?app={pk}", 14),
        ("/admin/xoplatform/member/?app={pk}", 14),
    ],
)
def test_pages_ask_no_more_when_there_is_more_to_show(
    page: str, most: int, app: App, sign_in: SignIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    olive = sign_in("olive")
    MemberFactory.create_batch(5, app=app)
    EndUserFactory.create_batch(30, app=app)
    for other in AppFactory.create_batch(10):
        MemberFactory(app=other, user=app.members.get(user__username="olive").user)
    with django_assert_max_num_queries(most):  # type: ignore[attr-defined]
        olive.get(page.format(pk=app.pk))
