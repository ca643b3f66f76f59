"""Prometheus figures that are read from the database when somebody asks, so that all processes tell the same.

Whoever has some registers a function that yields metric families; the endpoint itself is in `health`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import DatabaseError
from prometheus_client import REGISTRY, Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

log = logging.getLogger(__name__)

Source = Callable[[], Iterable[Metric]]
AnySource = TypeVar("AnySource", bound=Source)

_sources: list[Source] = []


def figures(source: AnySource) -> AnySource:
    """Registers a function that reads figures from the database with a constant number of queries."""
    _sources.append(source)
    return source


class FromDatabase(Collector):
    """While the database is away its figures are missing, and that is a figure too."""

    def describe(self) -> Iterable[Metric]:
        """Nothing, or registering would already ask the database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        readable = 1
        for source in _sources:
            try:
                yield from list(source())
            except DatabaseError:
                log.exception("Figures could not be read")
                readable = 0
        yield GaugeMetricFamily("xo_figures_readable", "Whether the database gave all its figures.", value=readable)


def register() -> None:
    """Makes the figures part of /metrics; once per process."""
    REGISTRY.register(FromDatabase())
