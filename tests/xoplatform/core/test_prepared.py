"""A prepared statement gives what the queryset it was made of would give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef
from django.db.transaction import TransactionManagementError

from xoplatform.core.prepared import PreparedDelete, PreparedInsert, PreparedSelect, PreparedUpdate, param
from xoplatform.models import App, EndUser, Member

if TYPE_CHECKING:
    from pytest_django.fixtures import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db


BY_SLUG = PreparedSelect(lambda: App.objects.filter(slug=param(App, "slug")))
WITH_APP = PreparedSelect(
    lambda: (
        EndUser.objects.select_related("app")
        .filter(external_id=param(EndUser, "external_id"))
        .annotate(has_members=Exists(Member.objects.filter(app=OuterRef("app"))))
        .order_by()
    )
)
RENAME = PreparedUpdate(lambda: App.objects.filter(slug=param(App, "slug")), ["name", "description"])
ADD = PreparedInsert(EndUser)
REMOVE = PreparedDelete(lambda: EndUser.objects.filter(external_id=param(EndUser, "external_id")), "name")


@pytest.fixture
def app() -> App:
    return App.objects.create(name="Helpdesk", slug="helpdesk")


def test_it_finds_by_the_value_of_each_run(app: App) -> None:
    other = App.objects.create(name="Other", slug="other")
    assert [BY_SLUG.first(slug=slug) for slug in ("helpdesk", "other", "none")] == [app, other, None]


def test_rows_have_every_value_that_the_queryset_gives(app: App) -> None:
    (found,) = BY_SLUG.all(slug="helpdesk")
    assert found.__dict__ | {"_state": None} == App.objects.get().__dict__ | {"_state": None}


def test_related_rows_and_annotations_come_along_without_another_query(
    app: App, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    EndUser.objects.create(app=app, external_id="ada")
    with django_assert_num_queries(1):
        (found,) = WITH_APP.all(external_id="ada")
        assert (found.app.name, vars(found)["has_members"]) == ("Helpdesk", False)


def test_a_found_row_can_be_saved(app: App) -> None:
    (found,) = BY_SLUG.all(slug="helpdesk")
    found.name = "Renamed"
    found.save()
    app.refresh_from_db()
    assert app.name == "Renamed"


def test_an_update_tells_how_many_rows_it_wrote(app: App) -> None:
    assert RENAME.run(slug="helpdesk", name="New", description="") == 1
    assert RENAME.run(slug="none", name="New", description="") == 0
    app.refresh_from_db()
    assert app.name == "New"


def test_values_are_data_and_never_sql(app: App) -> None:
    hostile = "x'; DROP TABLE xoplatform_app; --"
    assert BY_SLUG.first(slug=hostile) is None
    RENAME.run(slug="helpdesk", name=hostile, description="%s")
    app.refresh_from_db()
    assert (app.name, app.description) == (hostile, "%s")


def test_a_delete_tells_what_was_there(app: App) -> None:
    for external_id in ("ada", "bob"):
        EndUser.objects.create(app=app, external_id=external_id, name=external_id.title())
    assert (REMOVE.all(external_id="ada"), REMOVE.all(external_id="ada")) == (["Ada"], [])
    assert [left.external_id for left in EndUser.objects.all()] == ["bob"]


def test_an_insert_stores_every_field_and_fills_those_that_fill_themselves(app: App) -> None:
    ADD.run(EndUser(app=app, external_id="ben", email="ben@example.com"))
    stored = EndUser.objects.get()
    assert (stored.app, stored.external_id, stored.email) == (app, "ben", "ben@example.com")
    assert stored.created_at is not None


def test_an_added_row_knows_its_key_and_can_be_saved(app: App) -> None:
    row = EndUser(app=app, external_id="cleo")
    ADD.add(row)
    row.name = "Cleo"
    row.save()
    assert EndUser.objects.get() == row
    assert EndUser.objects.get().name == "Cleo"


def test_what_the_database_refuses_is_told_in_djangos_words(app: App) -> None:
    ADD.run(EndUser(app=app, external_id="dora"))
    with pytest.raises(IntegrityError), transaction.atomic():
        ADD.run(EndUser(app=app, external_id="dora"))


def test_nothing_runs_in_a_transaction_that_is_broken() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            BY_SLUG.all(slug="helpdesk")


def test_who_listens_to_statements_hears_of_it(app: App) -> None:
    heard: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        heard.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        assert BY_SLUG.first(slug="helpdesk") == app
    assert len(heard) == 1
