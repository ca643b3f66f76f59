"""After an erasure nothing in the database leads to the person any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection as database
from django_celery_results.models import TaskResult

from integrations.flows import audit, links
from integrations.models import Action, AuditEntry, Connection, OperationCall
from tests.dialogs.factories import ConversationFactory, TurnFactory
from tests.factories import ActionFactory, ConnectionFactory, EndUserFactory
from xoplatform.erasure import erase
from xoplatform.models import EndUser
from xoplatform.signals import end_user_erasing

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from xoplatform.models import App

#: Who is to be forgotten, in words that occur nowhere else.
NAME, EMAIL, ID, SAID = "Zebedee Quux", "zebedee@quux.example", "channel-zq-77", "my cat is called Mildred"
ACCOUNT = "account-zq-77"


@pytest.fixture
def person(app: App) -> EndUser:
    """Somebody who talked, connected, was sent links, and of whom jobs and the admin wrote things down."""
    found: EndUser = EndUserFactory(app=app, name=NAME, email=EMAIL, external_id=ID)
    action = ActionFactory(app=app, enabled=True, authorization_type=Action.AuthorizationType.ALLOW_USERS)
    row = ConnectionFactory(
        action=action, end_user=found, account_name=NAME, account_email=EMAIL, account_id=ACCOUNT, login=EMAIL
    )
    links.send(action, found)
    TurnFactory(conversation=ConversationFactory(end_user=found), text=SAID, trace={"said": SAID})
    OperationCall.objects.create(
        app=app,
        action=action,
        connection=row,
        end_user=found,
        provider="jira",
        operation="createIssue",
        method="POST",
        path=f"/rest/{ID}",
        account=ACCOUNT,
        request={"body": SAID},
        response={"reporter": NAME},
    )
    audit.note_about(row, audit.Verb.CONNECTED, what=f"by {NAME}", details={"who": [EMAIL]})
    TaskResult.objects.create(task_id="1", result=f"NoMailAddress: {EMAIL}", traceback=f"… {ID} …")
    LogEntry.objects.create(
        user_id=_olive(),
        content_type=ContentType.objects.get_for_model(EndUser),
        object_id=str(found.pk),
        object_repr=NAME,
        action_flag=CHANGE,
        change_message=EMAIL,
    )
    return found


def _olive() -> int:
    from django.contrib.auth.models import User

    return User.objects.get(username="olive").pk


def everything() -> str:
    """Every column of every row of every table, as text."""
    told: list[str] = []
    with database.cursor() as cursor:
        for table in database.introspection.table_names():
            cursor.execute(f"SELECT * FROM {database.ops.quote_name(table)}")
            told += [f"{table}: {row}" for row in cursor.fetchall()]
    return "\n".join(told)


@pytest.mark.django_db
def test_no_table_holds_anything_of_the_person_afterwards(person: EndUser) -> None:
    before = everything()
    assert all(word in before for word in (NAME, EMAIL, ID, SAID, ACCOUNT))
    erase(person)
    left = [line for line in everything().splitlines() if any(w in line for w in (NAME, EMAIL, ID, SAID, ACCOUNT))]
    assert left == []
    assert not Connection.objects.exists()


@pytest.mark.django_db
def test_the_audit_keeps_a_pseudonym_and_that_calls_were_made(person: EndUser) -> None:
    pseudonym = erase(person)
    assert AuditEntry.objects.filter(pseudonym=pseudonym).count() >= 3
    assert AuditEntry.objects.filter(verb=AuditEntry.Verb.ERASED, pseudonym=pseudonym).exists()
    call = OperationCall.objects.get()
    assert (call.operation, call.end_user, call.request, call.response) == ("createIssue", None, {}, {})


@pytest.mark.django_db
def test_nobody_else_is_touched(person: EndUser) -> None:
    other = EndUserFactory(app=person.app, name="Yolanda")
    row = ConnectionFactory(action=Connection.objects.get().action, end_user=other)
    TurnFactory(conversation=ConversationFactory(end_user=other), text="hello from Yolanda")
    erase(person)
    assert "Yolanda" in everything()
    assert Connection.objects.get().pk == row.pk


@pytest.mark.django_db
def test_an_erasure_that_fails_half_way_erases_nothing(person: EndUser) -> None:
    def refuse(**_: Any) -> None:
        raise RuntimeError("no")

    end_user_erasing.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            erase(person)
    finally:
        end_user_erasing.disconnect(refuse)
    assert EndUser.objects.filter(pk=person.pk).exists()
    assert SAID in everything()


def test_the_page_asks_says_what_goes_and_then_erases(person: EndUser, sign_in: Callable[[str], Client]) -> None:
    client, address = sign_in("devi"), f"/admin/xoplatform/enduser/{person.pk}/erase/"
    question = client.get(address).content.decode()
    told = [f"Erase {NAME}?", "1 connection with all tokens and 1 authorization link are deleted.", "Conversations: 1"]
    assert [words for words in told if words not in question] == []
    page = client.post(address, follow=True).content.decode()
    assert "The person is erased." in page
    assert NAME not in page
    assert not EndUser.objects.filter(external_id=ID).exists()


@pytest.mark.parametrize(("who", "status"), [("vic", 403), ("stan", 403)])
def test_viewers_and_strangers_cannot_erase(
    person: EndUser, sign_in: Callable[[str], Client], who: str, status: int
) -> None:
    assert sign_in(who).post(f"/admin/xoplatform/enduser/{person.pk}/erase/").status_code == status
    assert EndUser.objects.filter(pk=person.pk).exists()


def test_people_go_by_erase_alone(person: EndUser, sign_in: Callable[[str], Client]) -> None:
    client = sign_in("devi")
    assert client.post(f"/admin/xoplatform/enduser/{person.pk}/delete/", {"post": "yes"}).status_code == 403
    assert (
        f"/enduser/{person.pk}/erase/" in client.get(f"/admin/xoplatform/enduser/{person.pk}/change/").content.decode()
    )
    assert "erase/" not in sign_in("vic").get(f"/admin/xoplatform/enduser/{person.pk}/change/").content.decode()


def test_deleting_the_app_erases_its_tokens_and_people(person: EndUser, sign_in: Callable[[str], Client]) -> None:
    client, address = sign_in("olive"), f"/admin/xoplatform/app/{person.app.pk}/delete/"
    question = client.get(address).content.decode()
    assert "for good" in question
    assert "Only an owner" not in question
    client.post(address, {"post": "yes"})
    owned = [model for model in apps.get_models() if model._meta.app_label in {"integrations", "dialogs"}]
    holding = {model.__name__ for model in owned if model._default_manager.exists()}
    assert holding <= {"MailPace"}
    assert not EndUser.objects.filter(external_id=ID).exists()
