from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import EndUserFactory
from xoplatform.models import App, Member

SignIn = Callable[[str], Client]

#: Who gets which answer: opens it (200), is told which role is missing (403), or learns nothing (404, 302 to Home).
PAGES = {
    "overview": {"olive": 200, "devi": 200, "vic": 200, "stan": 404, "rooty": 200},
    "change the App": {"olive": 200, "devi": 200, "vic": 200, "stan": 302, "rooty": 200},
    "delete the App": {"olive": 200, "devi": 403, "vic": 403, "stan": 302, "rooty": 200},
    "members": {"olive": 200, "devi": 200, "vic": 200, "stan": 200, "rooty": 200},
    "add a member": {"olive": 200, "devi": 403, "vic": 403, "stan": 200, "rooty": 200},
    "an end user": {"olive": 200, "devi": 200, "vic": 200, "stan": 302, "rooty": 200},
    "erase an end user": {"olive": 200, "devi": 200, "vic": 403, "stan": 403, "rooty": 200},
    "staff accounts": {"olive": 403, "devi": 403, "vic": 403, "stan": 403, "rooty": 200},
    "health": {"olive": 403, "devi": 403, "vic": 403, "stan": 403, "rooty": 200},
    "jobs": {"olive": 403, "devi": 403, "vic": 403, "stan": 403, "rooty": 200},
}


@pytest.fixture
def addresses(app: App) -> dict[str, str]:
    person = EndUserFactory(app=app)
    return {
        "overview": reverse("admin:app_overview", args=[app.slug]),
        "change the App": reverse("admin:xoplatform_app_change", args=[app.pk]),
        "delete the App": reverse("admin:xoplatform_app_delete", args=[app.pk]),
        "members": reverse("admin:xoplatform_member_changelist"),
        "add a member": reverse("admin:xoplatform_member_add"),
        "an end user": reverse("admin:xoplatform_enduser_change", args=[person.pk]),
        "erase an end user": reverse("admin:xoplatform_enduser_erase", args=[person.pk]),
        "staff accounts": reverse("admin:auth_user_changelist"),
        "health": reverse("admin:system_health"),
        "jobs": reverse("admin:django_celery_results_taskresult_changelist"),
    }


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["olive", "devi", "vic", "stan", "rooty"])
def test_each_page_answers_each_role_as_it_should(
    who: str, page: str, addresses: dict[str, str], sign_in: SignIn
) -> None:
    assert sign_in(who).get(addresses[page]).status_code == PAGES[page][who]


@pytest.mark.parametrize("page", PAGES)
def test_nobody_gets_in_without_signing_in(page: str, addresses: dict[str, str], client: Client) -> None:
    answer = client.get(addresses[page], follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_a_stranger_cannot_tell_an_app_from_a_typing_mistake(app: App, sign_in: SignIn) -> None:
    stan = sign_in("stan")
    secret = stan.get(reverse("admin:app_overview", args=[app.slug]))
    mistake = stan.get(reverse("admin:app_overview", args=["no-such-app"]))
    assert secret.status_code == mistake.status_code == 404
    assert app.name not in secret.content.decode()


def test_a_refusal_names_the_role_that_is_missing(app: App, sign_in: SignIn) -> None:
    answer = sign_in("devi").get(reverse("admin:system_health"))
    assert "Ask a superuser" in answer.content.decode()


def test_a_viewer_reads_an_end_user_and_changes_nothing(app: App, sign_in: SignIn) -> None:
    person = EndUserFactory(app=app, name="Before")
    sign_in("vic").post(
        reverse("admin:xoplatform_enduser_change", args=[person.pk]), {"name": "After", "external_id": "x"}
    )
    person.refresh_from_db()
    assert person.name == "Before"


def test_nobody_puts_a_row_into_an_app_they_may_not_edit(app: App, sign_in: SignIn) -> None:
    answer = sign_in("stan").post(
        reverse("admin:xoplatform_enduser_add"), {"app": app.pk, "external_id": "smuggled", "name": ""}
    )
    assert "not one of the available choices" in answer.content.decode()
    assert not app.end_users.exists()


def test_a_row_never_moves_to_another_app(app: App, sign_in: SignIn) -> None:
    person = EndUserFactory(app=app)
    elsewhere = App.objects.get(slug="elsewhere")
    sign_in("rooty").post(
        reverse("admin:xoplatform_enduser_change", args=[person.pk]), {"app": elsewhere.pk, "name": "Renamed"}
    )
    person.refresh_from_db()
    assert (person.app, person.name) == (app, "Renamed")


def test_lists_hold_rows_of_ones_own_apps_only(app: App, sign_in: SignIn) -> None:
    EndUserFactory(app=app, name="Known Person")
    EndUserFactory(app=App.objects.get(slug="elsewhere"), name="Foreign Person")
    page = sign_in("vic").get(reverse("admin:xoplatform_enduser_changelist")).content.decode()
    assert "Known Person" in page
    assert "Foreign Person" not in page


def test_whoever_creates_an_app_owns_it(app: App, sign_in: SignIn) -> None:
    answer = sign_in("vic").post(
        reverse("admin:xoplatform_app_add"),
        {"name": "Mine", "slug": "mine", "description": "", "locale": "en", "time_zone": "UTC", "identity_rule": "off"},
    )
    assert answer["Location"] == reverse("admin:app_overview", args=["mine"])
    assert Member.objects.get(app__slug="mine").user.username == "vic"


def test_an_account_that_is_not_staff_is_told_so(app: App, django_user_model: type) -> None:
    client = Client()
    client.force_login(
        django_user_model.objects.create_user("guest"),  # type: ignore[attr-defined]
        backend="django.contrib.auth.backends.ModelBackend",
    )
    answer = client.get(reverse("admin:index"), follow=True)
    assert answer.status_code == 403
    assert "not a staff account" in answer.content.decode()
