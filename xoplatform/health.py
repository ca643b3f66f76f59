"""Whether this installation works: for load balancers, monitors and the System page.

``/health/live`` says that the process answers; ``/health/ready`` that it can do its work. What goes wrong elsewhere,
such as a clock that stands still, does not make this process unfit to answer: it is named there as a warning, and
only ``/health/work``, which is for alarms, answers with an error then.
"""

from __future__ import annotations

import dataclasses
import hmac
from typing import Any, TypeVar

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
from .core.crypto import EncryptionKeyInvalid
from .encryption import keys
from .encryption.samples import unreadable_columns


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
        if not settings.XO_ENCRYPTION_KEYS:
            raise ServiceUnavailable("XO_ENCRYPTION_KEYS is not set.")
        try:
            lost = keys.lost()
        except EncryptionKeyInvalid as error:
            raise ServiceUnavailable("A key in XO_ENCRYPTION_KEYS is not a Fernet key.") from error
        if lost:
            named = ", ".join(lost)
            raise ServiceUnavailable(
                "A key that stored secrets may need is not in XO_ENCRYPTION_KEYS: "
                f"fingerprint {named}; put it back at the end of the list."
            )


CHECKS = (Database, Migrations, Broker, EncryptionKeys)
#: What the whole installation should be doing; see `duty`.
DUTIES: list[type[HealthCheck]] = []

AnyCheck = TypeVar("AnyCheck", bound=type[Any])


def duty(check: AnyCheck) -> AnyCheck:
    """Registers a check of what some other process should be doing. Its failure is a warning, never a 503 of ready:
    a load balancer would take healthy web processes away because of it."""
    DUTIES.append(check)
    return check


@duty
@dataclasses.dataclass
class StoredSecrets(HealthCheck):  # type: ignore[misc]
    """The oldest and the newest secret of each kind can be read."""

    # A warning, not a check: one value that cannot be read must not take every process out of service.
    def run(self) -> None:
        try:
            columns = unreadable_columns()
        except EncryptionKeyInvalid:
            return  # EncryptionKeys says so
        if columns:
            raise ServiceUnavailable(
                f"{', '.join(columns)}: a value cannot be read with XO_ENCRYPTION_KEYS. Put the key that made it "
                "back at the end of the list, or let those concerned authorize again."
            )


@dataclasses.dataclass(frozen=True)
class Result:
    """One check's outcome; ``error`` is in words and holds no secret."""

    name: str
    title: str
    error: str | None


def run_checks() -> list[Result]:
    """Runs every check in this thread, on this thread's database connection."""
    return [_result(check()) for check in CHECKS]


def run_duties() -> list[Result]:
    """Runs what was registered with `duty`, in the same way."""
    return [_result(check()) for check in DUTIES]


def _result(check: Any) -> Result:
    error = None
    try:
        check.run()
    except HealthCheckException as failed:
        error = failed.message
    except DatabaseError:
        error = "Not known while the database does not answer."
    return Result(type(check).__name__, " ".join((type(check).__doc__ or "").split()), error)


@never_cache
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers. Touches nothing else, so that a slow database does not get it restarted."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """200 when this process can do its work, 503 with the failing checks named otherwise.

    ``status`` is ``degraded``, still with 200, when a duty of the installation is neglected; ``warnings`` names it.
    """
    return _told(alarm_on=("unavailable",))


@never_cache
@require_safe
def work(_request: HttpRequest) -> HttpResponse:
    """The same, for alarms: 503 for a warning too. Never for a load balancer."""
    return _told(alarm_on=("unavailable", "degraded"))


def _told(alarm_on: tuple[str, ...]) -> HttpResponse:
    checks, duties = run_checks(), run_duties()
    failing = any(one.error for one in checks)
    warnings = {one.name: one.error for one in duties if one.error}
    status = "unavailable" if failing else "degraded" if warnings else "ok"
    body = {"status": status, "checks": {one.name: one.error or "ok" for one in checks}, "warnings": warnings}
    return JsonResponse(body, status=503 if status in alarm_on else 200)


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
