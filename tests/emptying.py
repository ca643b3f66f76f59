"""The database emptied quickly after a test that commits.

Django's `flush` also empties its lists of models and permissions and then builds them anew, row by row: half a second
after each such test. They are the same in every test, so here they stay, and everything else goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management.color import no_style
from django.db import connections
from django.test import TransactionTestCase

from . import backends

if TYPE_CHECKING:
    import pytest

#: Tables that the code alone determines.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def empty(alias: str) -> None:
    """Deletes every row of this database but those that the code alone determines."""
    connection = connections[alias]
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), sorted(tables)))


def quickly(patch: pytest.MonkeyPatch) -> None:
    """Lets tests that commit end this way."""

    def _fixture_teardown(case: TransactionTestCase) -> None:
        for alias in case._databases_names(include_mirrors=False):  # type: ignore[attr-defined] # not in the stubs
            backends.wait_for_the_end(connections[alias])
            empty(alias)

    patch.setattr(TransactionTestCase, "_fixture_teardown", _fixture_teardown)
