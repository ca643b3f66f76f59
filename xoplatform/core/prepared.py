"""Statements of the hot path, compiled once by the ORM and run many times.

Django builds the SQL of a queryset anew at every evaluation, which costs several times what the database needs to
answer. A prepared statement keeps the ORM's own SQL and converters and only binds values; what comes out is what the
queryset would have given. Use it where a turn passes, nowhere else.
"""

from __future__ import annotations

import sqlite3
from threading import local
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Expression, Field, Model
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query import get_related_populators  # type: ignore[attr-defined]  # missing in the stubs
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init
from django.db.models.sql import DeleteQuery, UpdateQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import QuerySet

M = TypeVar("M", bound=Model)


class Param(Expression):
    """Stands in a prepared queryset for a value that is bound at each run. It must not be None in a filter."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        return "%s", [self]

    def get_group_by_cols(self) -> list[Any]:
        return []

    def bind(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Any:
        """The value as the database driver takes it."""
        return self.output_field.get_db_prep_value(values[self.name], connection, prepared=False)


def param(model: type[Model], name: str) -> Param:
    """A `Param` of this name whose values are bound as the model's field of the same name would."""
    field: Any = model._meta.get_field(name)
    return Param(name, field)


class _Statement:
    """SQL and parameters of one compiled statement, per thread and connection."""

    def __init__(self) -> None:
        self._compiled = local()

    def _get(self, connection: BaseDatabaseWrapper) -> Any:
        found = getattr(self._compiled, connection.alias, None)
        # Another wrapper under the same alias may stand for another database, as in tests.
        if found is None or found[0] is not connection:
            found = (connection, self._compile(connection))
            setattr(self._compiled, connection.alias, found)
        return found[1]

    def _compile(self, connection: BaseDatabaseWrapper) -> Any:
        raise NotImplementedError


class _Sql(NamedTuple):
    """A statement as Django writes it and, for SQLite, as the driver takes it: with question marks for parameters."""

    text: str
    for_driver: str | None

    @classmethod
    def of(cls, text: str, connection: BaseDatabaseWrapper) -> _Sql:
        with connection.cursor() as cursor:
            driver: Any = cursor.cursor
            # Another class, such as one that counts, has reasons of its own.
            usual = type(driver) is SQLiteCursorWrapper
            return cls(text, driver.convert_query(text) if usual else None)


def _executed(connection: BaseDatabaseWrapper, sql: _Sql, params: Sequence[Any]) -> CursorWrapper:
    """A cursor that has run the statement; leave it as a context manager.

    Django's wrapper of SQLite's driver writes the marks of parameters anew at each run, which takes longer than many a
    statement. Where nobody listens to statements, the driver is given what that comes to; all else is as it is there.
    """
    cursor = connection.cursor()
    try:
        if sql.for_driver is None or type(cursor) is not CursorWrapper or connection.execute_wrappers:
            cursor.execute(sql.text, params)
            return cursor
        connection.validate_no_broken_transaction()
        with connection.wrap_database_errors:
            sqlite3.Cursor.execute(cursor.cursor, sql.for_driver, params)
    except BaseException:
        cursor.close()
        raise
    return cursor


def _bound(params: Sequence[Any], values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> list[Any]:
    return [p.bind(values, connection) if isinstance(p, Param) else p for p in params]


class PreparedSelect(_Statement, Generic[M]):
    """A queryset with `Param` in its filters. ``select_related`` and annotations are kept, ordering too."""

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        super().__init__()
        self._build = build

    def all(self, **values: Any) -> list[M]:
        """All rows for these values, as model instances."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql, params, hydrate = self._get(connection)
        with _executed(connection, sql, _bound(params, values, connection)) as cursor:
            rows = cursor.fetchall()
        return [hydrate(row) for row in rows]

    def first(self, **values: Any) -> M | None:
        """The first row for these values, or None."""
        rows = self.all(**values)
        return rows[0] if rows else None

    def _compile(self, connection: BaseDatabaseWrapper) -> Any:
        compiler = self._build().query.get_compiler(connection.alias)
        sql, params = compiler.as_sql()
        return _Sql.of(sql, connection), tuple(params), _hydrator(compiler, connection)


#: Descriptors of columns that add nothing to a value which comes fresh from the database.
PLAIN: Final = (DeferredAttribute, ForeignKeyDeferredAttribute)


def _maker(model: type[Model], names: Sequence[str], alias: str) -> Callable[[Sequence[Any]], Any]:
    """Makes an instance of columns' values as `Model.from_db` does, without its search for defaults and keywords.

    Models that have their own way to be made keep it.
    """
    usual, own = cast("tuple[Any, Any]", (Model, model))
    if (own.__init__, own.from_db.__func__) != (usual.__init__, usual.from_db.__func__):
        return lambda values: model.from_db(alias, names, values)
    special = [name for name in names if type(getattr(model, name)) not in PLAIN]

    def make(values: Sequence[Any]) -> Any:
        pre_init.send(sender=model, args=values, kwargs={})
        instance = model.__new__(model)
        state = ModelState()
        state.adding, state.db = False, alias
        columns = instance.__dict__
        columns["_state"] = state
        columns.update(zip(names, values, strict=True))
        for name in special:
            setattr(instance, name, columns.pop(name))
        post_init.send(sender=model, instance=instance)
        return instance

    return make


class _Related:
    """Makes the row that a foreign key leads to, and those behind it, as Django's RelatedPopulator does."""

    def __init__(self, populator: Any, alias: str) -> None:
        self._columns = slice(populator.cols_start, populator.cols_end)
        self._key = populator.cols_start + populator.pk_idx
        self._make = _maker(populator.model_cls, populator.init_list, alias)
        self._set_local, self._set_remote = populator.local_setter, populator.remote_setter
        self._behind = [_related(one, alias) for one in populator.related_populators]

    def populate(self, row: list[Any], source: Any) -> None:
        if row[self._key] is None:
            self._set_local(source, None)
            return
        found = self._make(row[self._columns])
        for one in self._behind:
            one.populate(row, found)
        self._set_local(source, found)
        self._set_remote(found, source)


def _related(populator: Any, alias: str) -> Any:
    # Rows of parent classes come in another order than their columns: those are left to Django.
    return populator if populator.reorder_for_init else _Related(populator, alias)


def _hydrator(compiler: Any, connection: BaseDatabaseWrapper) -> Callable[[Sequence[Any]], Any]:
    """Makes a model instance of a row, as Django's ModelIterable does."""
    select, info, alias = compiler.select, compiler.klass_info, connection.alias
    converters = [
        (position, step, expression)
        for position, (steps, expression) in compiler.get_converters(
            [column[0] for column in select[: compiler.col_count]]
        ).items()
        for step in steps
    ]
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[first:last]]
    make = _maker(info["model"], names, alias)
    related = [_related(one, alias) for one in get_related_populators(info, select, alias)]
    annotations = list(compiler.annotation_col_map.items())

    def hydrate(row: Sequence[Any]) -> Any:
        values = list(row)
        for position, step, expression in converters:
            values[position] = step(values[position], expression, connection)
        instance = make(values[first:last])
        for one in related:
            one.populate(values, instance)
        for name, position in annotations:
            setattr(instance, name, values[position])
        return instance

    return hydrate


class PreparedColumn(_Statement):
    """A queryset of one column, given as ``values_list``; its values come as the database driver gives them."""

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        super().__init__()
        self._build = build

    def all(self, **values: Any) -> list[Any]:
        """The column's values, in the order of the queryset."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql, params = self._get(connection)
        with _executed(connection, sql, _bound(params, values, connection)) as cursor:
            return [row[0] for row in cursor.fetchall()]

    def _compile(self, connection: BaseDatabaseWrapper) -> Any:
        sql, params = self._build().query.get_compiler(connection.alias).as_sql()
        return _Sql.of(sql, connection), tuple(params)


class PreparedUpdate(_Statement, Generic[M]):
    """An UPDATE of a queryset with `Param` in its filters. ``fields`` are set to the values of their names."""

    def __init__(self, build: Callable[[], QuerySet[M]], fields: Sequence[str]) -> None:
        super().__init__()
        self._build, self._fields = build, fields

    def run(self, **values: Any) -> int:
        """How many rows matched and were written."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql, params = self._get(connection)
        with _executed(connection, sql, _bound(params, values, connection)) as cursor:
            return int(cursor.rowcount)

    def _compile(self, connection: BaseDatabaseWrapper) -> Any:
        rows = self._build()
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values({name: param(rows.model, name) for name in self._fields})
        sql, params = query.get_compiler(connection.alias).as_sql()
        return _Sql.of(sql, connection), tuple(params)


class PreparedDelete(PreparedColumn):
    """A DELETE of a queryset with `Param` in its filters; its values are those of ``returning`` in the rows that are no
    more. Nothing that refers to the rows is deleted with them, and no signal is sent: for tables to which nothing
    refers.
    """

    def __init__(self, build: Callable[[], QuerySet[Any]], returning: str) -> None:
        super().__init__(build)
        self._returning = returning

    def _compile(self, connection: BaseDatabaseWrapper) -> Any:
        rows = self._build()
        sql, params = rows.query.chain(DeleteQuery).get_compiler(connection.alias).as_sql()
        column: Any = rows.model._meta.get_field(self._returning)
        return _Sql.of(f"{sql} RETURNING {connection.ops.quote_name(column.column)}", connection), tuple(params)


class PreparedInsert(_Statement):
    """An INSERT of new rows. ``pre_save`` of fields is honoured; signals are not sent."""

    def __init__(self, model: type[Model]) -> None:
        super().__init__()
        self._model = model

    def run(self, *instances: Model) -> None:
        """Stores the instances, one or more, in one statement; their primary keys stay None."""
        connection = connections[DEFAULT_DB_ALIAS]
        statements: _Inserts = self._get(connection)
        sql = statements.of(len(instances))
        values = [value for instance in instances for value in _values(instance, statements.fields, connection)]
        with _executed(connection, sql, values):
            pass

    def add(self, instance: Model) -> None:
        """Stores one instance, which knows its primary key then, as after `save`."""
        connection = connections[DEFAULT_DB_ALIAS]
        statements: _Inserts = self._get(connection)
        values = _values(instance, statements.fields, connection)
        with _executed(connection, statements.telling_key, values) as cursor:
            ((key,),) = cursor.fetchall()
        instance.pk = key
        state: ModelState = instance._state  # noqa: SLF001 -- where Django keeps it
        state.adding, state.db = False, connection.alias

    def _compile(self, connection: BaseDatabaseWrapper) -> Any:
        return _Inserts(self._model, connection)


class _Inserts:
    """The statements that insert one or more rows of a model."""

    def __init__(self, model: type[Model], connection: BaseDatabaseWrapper) -> None:
        meta: Any = model._meta
        quote = connection.ops.quote_name
        self.fields = [field for field in meta.local_concrete_fields if not field.primary_key]
        columns = ", ".join(quote(field.column) for field in self.fields)
        self._places = f"({', '.join(['%s'] * len(self.fields))})"
        self._head = f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES "  # noqa: S608 -- names of columns only
        self._connection, self._made = connection, dict[int, _Sql]()
        key = quote(meta.pk.column)
        self.telling_key = _Sql.of(f"{self._head}{self._places} RETURNING {key}", connection)

    def of(self, count: int) -> _Sql:
        """The statement for so many rows."""
        if (made := self._made.get(count)) is None:
            made = self._made[count] = _Sql.of(self._head + ", ".join([self._places] * count), self._connection)
        return made


def _values(instance: Model, fields: Sequence[Any], connection: BaseDatabaseWrapper) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(instance, True), connection) for field in fields]
