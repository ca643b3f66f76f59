"""What one test opened on PostgreSQL is gone before the next one begins."""

from __future__ import annotations

import os
import uuid
from typing import TYPE_CHECKING

import environ
import psycopg
import pytest
from django.db.utils import ConnectionHandler

from . import services
from .backends import BackendsLeftError, wait_for_the_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture
def address() -> Iterator[str]:
    """A database of this test alone."""
    server, name = os.environ["XO_TEST_POSTGRES_URL"], f"xo_test_{uuid.uuid4().hex[:12]}"
    services.main(["create-database", server, name])
    yield f"{server.rpartition('/')[0]}/{name}"
    services.main(["drop-database", server, name])


@pytest.fixture
def connection(address: str) -> Iterator[BaseDatabaseWrapper]:
    connection = ConnectionHandler({"default": environ.Env.db_url_config(address)})["default"]
    yield connection
    connection.close()


def test_it_returns_when_the_last_other_one_has_gone(connection: BaseDatabaseWrapper, address: str) -> None:
    for other in [psycopg.connect(address) for _ in range(10)]:
        other.close()
    wait_for_the_end(connection)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        assert cursor.fetchone() == (1,)


def test_it_tells_who_has_not_gone(connection: BaseDatabaseWrapper, address: str) -> None:
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("SELECT 'left open'")
        with pytest.raises(BackendsLeftError, match="left open"):
            wait_for_the_end(connection, within=0.1)
