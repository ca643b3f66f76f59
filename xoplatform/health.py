"""Whether this installation works: for load balancers, monitors and the System page.

``/health/live`` says that the process answers; ``/health/ready`` that it can do its work.
"""

from __future__ import annotations

import dataclasses
import hmac
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from health_check.base import HealthCheck
from health_check.exceptions import HealthCheckException, ServiceUnavailable
from kombu.exceptions import KombuError, OperationalError

from .celery import app as celery_app


@dataclasses.dataclass
class Database(HealthCheck):  # type: ignore[misc]  # ships no types
    """The database answers."""

    def run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError as error:
            raise ServiceUnavailable("The database does not answer. Check XO_DATABASE_URL.") from error


@dataclasses.dataclass
class Migrations(HealthCheck):  # type: ignore[misc]
    """The database has the shape that this version expects."""

    def run(self) -> None:
        try:
            executor = MigrationExecutor(connection)
            missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError as error:
            raise ServiceUnavailable("Not known while the database does not answer.") from error
        if missing:
            raise ServiceUnavailable(f"{len(missing)} migrations are missing. Run `manage.py migrate`.")


@dataclasses.dataclass
class Broker(HealthCheck):  # type: ignore[misc]
    """The job queue takes messages."""

    def run(self) -> None:
        try:
            with celery_app.connection_for_write(connect_timeout=2) as broker:
                broker.ensure_connection(max_retries=0, timeout=2)
        except (OSError, OperationalError, KombuError) as error:
            raise ServiceUnavailable("The job queue does not answer. Check XO_BROKER_URL.") from error


@dataclasses.dataclass
class EncryptionKeys(HealthCheck):  # type: ignore[misc]
    """Tokens can be encrypted and read."""

    def run(self) -> None:
        try:
            keys = [Fernet(key) for key in settings.XO_ENCRYPTION_KEYS]
        except ValueError as error:
            raise ServiceUnavailable("A key in XO_ENCRYPTION_KEYS is not a Fernet key.") from error
        if not keys:
            raise ServiceUnavailable("XO_ENCRYPTION_KEYS is not set.")


CHECKS = (Database, Migrations, Broker, EncryptionKeys)


@dataclasses.dataclass(frozen=True)
class Result:
    """One check's outcome; ``error`` is in words and holds no secret."""

    name: str
    title: str
    error: str | None


def run_checks() -> list[Result]:
    """Runs every check in this thread, on this thread's database connection."""
    return [_result(check()) for check in CHECKS]


def _result(check: Any) -> Result:
    error = None
    try:
        check.run()
    except HealthCheckException as failed:
        error = failed.message
    return Result(type(check).__name__, " ".join((type(check).__doc__ or "").split()), error)


@never_cache
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else, so that a slow database does not get it restarted."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """200 when every check passes, 503 with the failing ones named otherwise."""
    results = run_checks()
    well = all(one.error is None for one in results)
    checks = {one.name: one.error or "ok" for one in results}
    return JsonResponse({"status": "ok" if well else "unavailable", "checks": checks}, status=200 if well else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponseBase:
    """Prometheus metrics, for superusers and for scrapers that send ``Authorization: Bearer <XO_METRICS_TOKEN>``.

    The caller's address is no proof: behind a proxy everybody comes from the loopback.
    """
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    wanted = settings.XO_METRICS_TOKEN.encode()
    if (wanted and hmac.compare_digest(given, wanted)) or getattr(request.user, "is_superuser", False):
        return ExportToDjangoView(request)  # type: ignore[no-any-return]
    return HttpResponse("Metrics need a superuser or the token in XO_METRICS_TOKEN.\n", "text/plain", 403)
