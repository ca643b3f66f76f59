from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.test import Client

if TYPE_CHECKING:
    from collections.abc import Callable

    from xoplatform.models import App


def test_it_is_alive_without_asking_anything(
    client: Client, db: None, django_assert_num_queries: Callable[..., object]
) -> None:
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        assert client.get("/health/live").json() == {"status": "ok"}


def test_it_is_ready_when_everything_answers(client: Client, db: None) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    assert set(answer.json()["checks"].values()) == {"ok"}


def test_it_is_not_ready_without_a_usable_key(client: Client, db: None, settings: Any) -> None:
    settings.XO_ENCRYPTION_KEYS = ["not-a-key"]
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert "not a Fernet key" in answer.json()["checks"]["EncryptionKeys"]
    assert "not-a-key" not in answer.content.decode()


def test_metrics_are_for_superusers_and_scrapers_with_the_token(
    app: App, sign_in: Callable[[str], Client], settings: Any
) -> None:
    assert sign_in("olive").get("/metrics").status_code == 403
    assert sign_in("rooty").get("/metrics").status_code == 200
    assert Client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 403
    settings.XO_METRICS_TOKEN = "scraper"
    assert Client().get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    assert b"django_http_requests" in Client().get("/metrics", headers={"Authorization": "Bearer scraper"}).content
