from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integrations.flows import links
from integrations.models import AuthorizationLink
from tests.factories import ConnectionFactory, EndUserFactory

from .mailing import allowing

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

    from integrations.models import Action
    from xoplatform.models import EndUser

pytestmark = pytest.mark.django_db


@pytest.fixture
def action() -> Action:
    return allowing(invite_new_users=True)


@pytest.fixture
def join(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> Joining:
    monkeypatch.setattr("integrations.flows.queue._enqueue", lambda job, arguments: None)
    return Joining(django_capture_on_commit_callbacks)


class Joining:
    def __init__(self, commit: DjangoCaptureOnCommitCallbacks) -> None:
        self.commit = commit

    def __call__(self, action: Action, **columns: str) -> EndUser:
        with self.commit(execute=True):
            person: EndUser = EndUserFactory(app=action.app, **columns)
        return person


def queued_for(person: EndUser) -> int:
    return AuthorizationLink.objects.filter(end_user=person, delivery="queued").count()


def test_a_new_end_user_is_sent_a_link(action: Action, join: Joining) -> None:
    assert queued_for(join(action)) == 1


def test_nobody_is_invited_without_an_e_mail(action: Action, join: Joining) -> None:
    assert queued_for(join(action, email="")) == 0


@pytest.mark.parametrize(
    "columns", [{"invite_new_users": False}, {"status": "disabled"}, {"authorization_type": "pre_authorize"}]
)
def test_nobody_is_invited_where_it_is_not_wanted(action: Action, join: Joining, columns: dict[str, object]) -> None:
    for name, value in columns.items():
        setattr(action, name, value)
    action.save()
    assert queued_for(join(action)) == 0


def test_a_changed_end_user_is_not_invited_again(
    action: Action, join: Joining, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    person = join(action)
    with django_capture_on_commit_callbacks(execute=True):
        person.name = "Ada"
        person.save()
    assert queued_for(person) == 1


def test_the_app_of_somebody_else_invites_nobody_here(action: Action, join: Joining) -> None:
    other = allowing(invite_new_users=False)
    assert queued_for(join(other)) == 0


def test_who_is_connected_needs_no_invitation(action: Action, monkeypatch: pytest.MonkeyPatch) -> None:

    person = EndUserFactory(app=action.app)
    ConnectionFactory(action=action, end_user=person, client_id="sandbox-client")
    assert links.invite(person) == []


def test_an_end_user_costs_one_query_more_where_nobody_is_invited(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    action = allowing()
    with django_assert_num_queries(2), django_capture_on_commit_callbacks(execute=True):
        EndUserFactory(app=action.app)
