"""What every test may ask for, and the rule for tests that need a service: required means fail, else skip."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from . import emptying, services
from .scheduling import TogetherScheduling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Fixtures that let a test use the database, as the mark `django_db` does.
DATABASE = {"db", "transactional_db", "live_server"}
#: Marks of tests that steps of their own run, which collect no file but those that name the mark.
APART = ("proof", "alone", "postgres", "redis", "rabbitmq")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherScheduling:
    """Parallel runs keep together what shares a stack or a browser, whatever ``--dist`` says."""
    return TogetherScheduling(config, log)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Ends the run at once when a required service is missing, so that nothing is skipped in silence."""
    if hasattr(session.config, "workerinput"):
        return
    missing = [trouble for name in sorted(services.required()) if (trouble := services.trouble_with(name))]
    if missing:
        pytest.exit("Required by XO_REQUIRE, but " + "; ".join(missing), returncode=3)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("django_db") or DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
        _spelled(item)
        for name in services.VARIABLES:
            if item.get_closest_marker(name) and (trouble := services.trouble_with(name)):
                item.add_marker(pytest.mark.skip(reason=trouble))


def _spelled(item: pytest.Item) -> None:
    """Ends the run when `.ci/marked` would not find a test that only a step of its own runs."""
    for name in APART:
        if item.get_closest_marker(name) and f"mark.{name}" not in _source(item.path):
            raise pytest.UsageError(f"{item.nodeid} is never run: its file has to say `pytest.mark.{name}` itself")


@cache
def _source(path: Path) -> str:
    return path.read_text()


@pytest.fixture(scope="session", autouse=True)
def _quick_emptying() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        emptying.quickly(patch)
        yield


@pytest.fixture(autouse=True)
def _no_waits_left() -> Iterator[None]:
    """What callers of one test waited is not stored at the end of the first request of the next."""
    yield
    if metrics := sys.modules.get("integrations.metrics"):
        metrics._waits.forget()


@pytest.fixture(autouse=True)
def _no_answers_kept() -> Iterator[None]:
    """Ids are used again in the next test, and with them the keys of answers that a process keeps."""
    yield
    if kept := sys.modules.get("integrations.flows.kept_answers"):
        kept.forget()


@pytest.fixture(autouse=True)
def _no_listeners_known() -> Iterator[None]:
    """What webhooks of an App listen to is not remembered for the App that has its id in the next test."""
    yield
    if outbox := sys.modules.get("dialogs.flows.webhooks.outbox"):
        outbox.forget()


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    """Ids are used again in the next test, and how often their callers asked is counted in the cache."""
    yield
    if "xoplatform.rest.limits" in sys.modules:
        from django.core.cache import cache

        cache.clear()
