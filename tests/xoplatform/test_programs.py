from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from prometheus_client import REGISTRY

from tests.api import assert_problem, base, client_of
from xoplatform import programs

if TYPE_CHECKING:
    from xoplatform.models import App

#: What a program's request can do without, and nothing else.
FOR_BROWSERS = {
    "xoplatform.programs.short_way",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
}
CARRIED = [
    "X-Request-ID",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Content-Length",
]


def test_programs_go_past_what_browsers_need_and_nothing_else() -> None:
    assert list(programs.MIDDLEWARE) == [one for one in settings.MIDDLEWARE if one not in FOR_BROWSERS]


@pytest.mark.parametrize(
    ("path", "authorization", "is_program"),
    [
        ("/api/v1/apps/", "Bearer xo_1_2", True),
        ("/api/v1/apps/", "bearer nonsense", True),
        ("/api/v1/apps/", "Basic abc", False),
        ("/api/v1/apps/", "", False),
        ("/admin/", "Bearer xo_1_2", False),
        ("/metrics", "Bearer xo_1_2", False),
    ],
)
def test_a_program_is_known_by_address_and_bearer(path: str, authorization: str, is_program: bool) -> None:
    request = RequestFactory().get(path, headers={"Authorization": authorization})
    assert programs.is_program(request) is is_program


@pytest.mark.django_db
@pytest.mark.parametrize("header", CARRIED)
def test_a_program_s_answer_carries_what_all_answers_do(header: str, app: App) -> None:
    assert header in client_of(app).get(f"{base(app)}/").headers


@pytest.mark.django_db
def test_a_bearer_value_never_falls_back_to_a_session(admin_client: Client, app: App) -> None:
    answer = admin_client.get(f"{base(app)}/", headers={"Authorization": "Bearer nonsense"})
    assert_problem(answer, 401, "not_signed_in")


@pytest.mark.django_db
def test_a_program_is_refused_at_a_host_that_is_not_ours(app: App) -> None:
    assert client_of(app).get(f"{base(app)}/", headers={"Host": "elsewhere.example"}).status_code == 400


@pytest.mark.django_db
def test_requests_of_programs_are_counted_once(app: App) -> None:
    name = "django_http_requests_before_middlewares_total"
    before = REGISTRY.get_sample_value(name) or 0
    client_of(app).get(f"{base(app)}/")
    assert REGISTRY.get_sample_value(name) == before + 1
