from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.urls import reverse

if TYPE_CHECKING:
    from django.test import Client

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def forget_attempts() -> None:
    """Guessing is slowed down by a counter in the cache, which other tests have used too."""
    cache.clear()


@pytest.fixture
def olive(django_user_model: Any) -> Any:
    return django_user_model.objects.create_user("olive", "olive@example.com", PASSWORD, is_staff=True)


@pytest.mark.parametrize("name", ["olive", "olive@example.com"])
def test_staff_sign_in_by_name_or_e_mail_and_land_where_they_wanted(name: str, olive: Any, client: Client) -> None:
    wanted = reverse("admin:xoplatform_enduser_changelist")
    asked = client.get(wanted, follow=True)
    assert asked.redirect_chain[-1][0].startswith(reverse("account_login"))
    address = f"{reverse('account_login')}?next={wanted}"
    assert client.post(address, {"login": name, "password": PASSWORD, "next": wanted})["Location"] == wanted


def test_a_wrong_password_says_nothing_about_the_account(olive: Any, client: Client) -> None:
    known = client.post(reverse("account_login"), {"login": "olive", "password": "wrong"}).content.decode()
    unknown = client.post(reverse("account_login"), {"login": "nobody", "password": "wrong"}).content.decode()
    assert "not correct" in known
    assert "not correct" in unknown


def test_guessing_is_slowed_down(olive: Any, client: Client) -> None:
    answers = [client.post(reverse("account_login"), {"login": "olive", "password": f"guess{n}"}) for n in range(8)]
    assert "Too many failed login attempts" in answers[-1].content.decode()


def test_a_link_to_another_site_is_not_followed(olive: Any, client: Client) -> None:
    client.force_login(olive, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("admin:login"), {"next": "https://evil.example/"})
    assert answer["Location"] == reverse("admin:index")


def test_sign_up_is_closed(db: None, client: Client) -> None:
    page = client.get(reverse("account_signup")).content.decode()
    assert "Accounts are made by an administrator" in page


def test_two_factor_sign_in_asks_for_the_code(olive: Any, client: Client) -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(olive, secret)
    first = client.post(reverse("account_login"), {"login": "olive", "password": PASSWORD})
    assert first["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("admin:index")).status_code == 302
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    client.post(reverse("mfa_authenticate"), {"code": code})
    assert client.get(reverse("admin:index")).status_code == 200
    assert get_adapter().is_mfa_enabled(olive)


def test_a_superuser_turns_two_factor_off_for_a_lost_device(olive: Any, admin_client: Client) -> None:
    totp.TOTP.activate(olive, totp.generate_totp_secret())
    admin_client.post(
        reverse("admin:auth_user_changelist"), {"action": "turn_off_two_factor", "_selected_action": [olive.pk]}
    )
    assert not Authenticator.objects.filter(user=olive).exists()


def test_what_allauth_keeps_secret_has_no_page(admin_client: Client) -> None:
    page = admin_client.get("/admin/mfa/authenticator/")
    assert page.status_code == 404


def test_signing_out_needs_the_button(olive: Any, client: Client) -> None:
    client.force_login(olive, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("admin:logout")).status_code == 405
    assert client.post(reverse("admin:logout"))["Location"] == reverse("account_login")
    assert client.get(reverse("admin:index")).status_code == 302


def test_every_account_page_opens(olive: Any, client: Client) -> None:
    client.post(reverse("account_login"), {"login": "olive", "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for name in ("mfa_index", "mfa_activate_totp", "account_change_password", "account_reauthenticate"):
        assert client.get(reverse(name)).status_code == 200, name
