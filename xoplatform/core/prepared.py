"""Statements of the hot path, compiled once by the ORM and run many times.

Django builds the SQL of a queryset anew at every evaluation, which costs several times what the database needs to
answer. A prepared statement keeps the ORM's own SQL and converters and only binds values; what comes out is what the
queryset would have given. Use it where a turn passes, nowhere else.
"""

from __future__ import annotations

from threading import local
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Model
from django.db.models.query import get_related_populators  # type: ignore[attr-defined]  # missing in the stubs
from django.db.models.sql import UpdateQuery

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
        with connection.cursor() as cursor:
            cursor.execute(sql, _bound(params, values, connection))
            rows = cursor.fetchall()
        return [hydrate(row) for row in rows]

    def first(self, **values: Any) -> M | None:
        """The first row for these values, or None."""
        rows = self.all(**values)
        return rows[0] if rows else None

    def _compile(self, connection: BaseDatabaseWrapper) -> Any:
        compiler = self._build().query.get_compiler(connection.alias)
        sql, params = compiler.as_sql()
        return sql, tuple(params), _hydrator(compiler, connection)


def _hydrator(compiler: Any, connection: BaseDatabaseWrapper) -> Callable[[Sequence[Any]], Any]:
    """Makes a model instance of a row, as Django's ModelIterable does."""
    select, info = compiler.select, compiler.klass_info
    converters = list(compiler.get_converters([column[0] for column in select[: compiler.col_count]]).items())
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[first:last]]
    related = get_related_populators(info, select, connection.alias)
    model, annotations = info["model"], list(compiler.annotation_col_map.items())

    def hydrate(row: Sequence[Any]) -> Any:
        values = list(row)
        for position, (steps, expression) in converters:
            for step in steps:
                values[position] = step(values[position], expression, connection)
        instance = model.from_db(connection.alias, names, values[first:last])
        for populator in related:
            populator.populate(values, instance)
        for name, position in annotations:
            setattr(instance, name, values[position])
        return instance

    return hydrate


class PreparedUpdate(_Statement, Generic[M]):
    """An UPDATE of a queryset with `Param` in its filters. ``fields`` are set to the values of their names."""

    def __init__(self, build: Callable[[], QuerySet[M]], fields: Sequence[str]) -> None:
        super().__init__()
        self._build, self._fields = build, fields

    def run(self, **values: Any) -> int:
        """How many rows matched and were written."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql, params = self._get(connection)
        with connection.cursor() as cursor:
            cursor.execute(sql, _bound(params, values, connection))
            return int(cursor.rowcount)

    def _compile(self, connection: BaseDatabaseWrapper) -> Any:
        rows = self._build()
        query: Any = rows.query.chain(UpdateQuery)
        query.add_update_values({name: param(rows.model, name) for name in self._fields})
        sql, params = query.get_compiler(connection.alias).as_sql()
        return sql, tuple(params)


class PreparedInsert(_Statement):
    """An INSERT of one row whose primary key nobody needs. ``pre_save`` of fields is honoured; signals are not sent."""

    def __init__(self, model: type[Model]) -> None:
        super().__init__()
        self._model = model

    def run(self, instance: Model) -> None:
        """Stores the instance; its primary key stays None."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql, fields = self._get(connection)
        values = [field.get_db_prep_save(field.pre_save(instance, True), connection) for field in fields]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)

    def _compile(self, connection: BaseDatabaseWrapper) -> Any:
        meta, quote = self._model._meta, connection.ops.quote_name
        fields = [field for field in meta.local_concrete_fields if not field.primary_key]
        columns = ", ".join(quote(field.column) for field in fields)
        places = ", ".join(["%s"] * len(fields))
        return f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ({places})", fields  # noqa: S608 -- names of columns only
