from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import include, path, reverse

from xoplatform.access_log import HidePaths
from xoplatform.logs import formatter
from xoplatform.middleware import policy

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def fail(_request: HttpRequest, key: str) -> HttpResponse:
    raise RuntimeError(f"access_token=hidden-{key}")


urlpatterns = [path("links/<str:key>/", fail), path("", include("xoplatform.urls"))]


@pytest.fixture
def lines() -> Any:
    """What the log handlers write, as they write it."""
    written: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(self.format(record))

    handler = Keep()
    handler.setFormatter(formatter())
    handler.addFilter(HidePaths())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_every_answer_names_its_request(client: Client, db: None) -> None:
    first, second = (client.get("/health/live")["X-Request-ID"] for _ in range(2))
    assert first != second


def test_a_proxys_name_for_the_request_is_kept_and_nonsense_is_not(client: Client, db: None) -> None:
    kept = client.get("/health/live", headers={"X-Request-ID": "proxy-0123456789"})
    replaced = client.get("/health/live", headers={"X-Request-ID": "a\tb {evil} " + "x" * 300})
    assert kept["X-Request-ID"] == "proxy-0123456789"
    assert "evil" not in replaced["X-Request-ID"]


def test_one_line_per_request_without_its_query(client: Client, db: None, lines: list[str]) -> None:
    answer = client.get(reverse("account_login"), {"next": "/admin/?token=hidden-in-query"})
    (line,) = [json.loads(one) for one in lines if '"request"' in one]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/accounts/login/", 200)
    assert line["request_id"] == answer["X-Request-ID"]
    assert "hidden" not in "".join(lines)


@override_settings(ROOT_URLCONF=__name__)
def test_no_key_that_a_link_carries_reaches_the_log(db: None, lines: list[str]) -> None:
    answer = Client(raise_request_exception=False).get("/links/hidden-key/")
    assert answer.status_code == 500
    assert "This page failed" in answer.content.decode()
    assert "RuntimeError" in "".join(lines)
    assert "hidden" not in "".join(lines)


def test_public_pages_run_no_inline_script_and_evaluate_nothing(client: Client, db: None) -> None:
    rules = client.get(reverse("account_login"))["Content-Security-Policy"]
    assert "unsafe" not in rules
    assert "frame-ancestors 'none'" in rules


def test_the_admin_never_allows_inline_script() -> None:
    scripts = next(rule for rule in policy(in_admin=True).split("; ") if rule.startswith("script-src"))
    assert scripts == "script-src 'self' 'unsafe-eval'"


def test_forms_may_end_at_a_provider_on_a_host_the_operator_allows() -> None:
    assert settings.XO_ALLOW_PRIVATE_HOSTS == ["127.0.0.1", "localhost"]
    assert "http://localhost:*" in policy(in_admin=False)
