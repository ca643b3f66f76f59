"""Making and changing tests by hand. How a test went is forgotten once it says something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from dialogs.errors import TakenTestName
from dialogs.models import DialogTest

from .script import check_turns

if TYPE_CHECKING:
    from xoplatform.models import App


def make_test(app: App, *, user: Any = None, **values: Any) -> DialogTest:
    """A new test with these columns. Raises BadTest and TakenTestName."""
    test = DialogTest(app=app, created_by=user, **values)
    _save(test)
    return test


def change_test(test: DialogTest, **values: Any) -> None:
    """Stores other columns of a test. Raises BadTest and TakenTestName; nothing is changed then."""
    before = (test.turns, test.setting, test.task_id)
    for name, value in values.items():
        setattr(test, name, value)
    if before != (test.turns, test.setting, test.task_id):
        test.status, test.result, test.ran_at = DialogTest.Status.NEVER, None, None
    _save(test)


def _save(test: DialogTest) -> None:
    check_turns(test.turns)
    try:
        with transaction.atomic():
            test.save()
    except IntegrityError:
        raise TakenTestName(app=test.app.name, name=test.name) from None
