"""Every list of the API takes as many queries for twelve rows as for two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import AppFactory
from xoplatform.models import Role

from .examples import FIXED, MAKERS, ROWS
from .operations import Operation, operations
from .scene import Scene, address, caller

if TYPE_CHECKING:
    from collections.abc import Callable

    from rest_framework.test import APIClient

FEW, MANY = 2, 12
LISTS = [one for one in operations() if one.is_list and one.name not in FIXED]


def maker_of(operation: Operation) -> Callable[[Scene], object] | None:
    """Makes one more row of the list."""
    own = operation.path.rstrip("/").rsplit("/", 1)[1]
    by_item = (maker for place, maker in MAKERS.items() if place.startswith(f"{own}/"))
    return ROWS.get(operation.name) or next(by_item, None)


def test_every_list_has_a_maker_of_rows() -> None:
    """Otherwise add one to tests/api_walk/examples.py."""
    assert [one.name for one in LISTS if maker_of(one) is None] == []


@pytest.fixture
def scene(db: None) -> Scene:
    return Scene(AppFactory(slug="own"))


@pytest.mark.parametrize("operation", LISTS, ids=lambda operation: operation.name)
def test_a_list_takes_as_many_queries_for_many_rows(operation: Operation, scene: Scene) -> None:
    if (make := maker_of(operation)) is None:
        pytest.fail("There is no maker of rows for this list.")
    client = caller(Role.OWNER if operation.access is None or operation.access.read else "key:read", scene)
    path = address(operation, scene.app, scene.values(operation))
    for _ in range(FEW):
        make(scene)
    read(client, path)
    few_rows, few = read(client, path)
    for _ in range(MANY - FEW):
        make(scene)
    many_rows, many = read(client, path)
    assert many_rows >= few_rows + MANY - FEW, "the maker's rows are not on this list"
    assert many == few


def read(client: APIClient, path: str) -> tuple[int, int]:
    """Rows and queries."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(path)
    assert answer.status_code == 200, answer.content
    return len(answer.json()["items"]), len(queries)
