from __future__ import annotations

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection
from django.forms import modelform_factory

from integrations.models import AuthorizationProfile, Connection
from tests.factories import ConnectionFactory, ProfileFactory
from xoplatform.core.crypto import Secret

pytestmark = pytest.mark.django_db


def test_the_column_holds_no_plain_text() -> None:
    ConnectionFactory(access_token="plain-enough")
    with connection.cursor() as cursor:
        cursor.execute("select access_token, refresh_token from integrations_connection")
        assert "plain" not in str(cursor.fetchall())


def test_a_stored_secret_is_read_back() -> None:
    row = ConnectionFactory(access_token="plain-enough")
    assert Connection.objects.get(pk=row.pk).access_token.reveal() == "plain-enough"


def test_an_assigned_text_is_hidden_at_once() -> None:
    row = Connection(access_token="plain-enough")
    assert isinstance(row.access_token, Secret)
    assert "plain" not in repr(vars(row))


def test_a_deferred_secret_is_loaded_when_asked_for() -> None:
    row = ConnectionFactory(access_token="plain-enough")
    assert Connection.objects.defer("access_token").get(pk=row.pk).access_token.reveal() == "plain-enough"


def test_an_export_leaves_secrets_out() -> None:
    row = ConnectionFactory(access_token="plain-enough")
    exported = serializers.serialize("json", [row])
    assert "plain" not in exported
    assert row.access_token.ciphertext not in exported


def test_a_form_never_shows_what_is_stored() -> None:
    form = modelform_factory(AuthorizationProfile, fields=["client_secret"])(instance=ProfileFactory())
    assert "hidden-client-secret" not in form.as_p()
    assert "•" not in form.as_p()


def test_a_form_left_empty_keeps_what_is_stored() -> None:
    form_class = modelform_factory(AuthorizationProfile, fields=["name", "client_secret"])
    form = form_class({"name": "Renamed", "client_secret": ""}, instance=ProfileFactory())
    saved = form.save()
    saved.refresh_from_db()
    assert saved.name == "Renamed"
    assert saved.client_secret.reveal() == "hidden-client-secret"


def test_a_form_replaces_what_is_stored() -> None:
    form_class = modelform_factory(AuthorizationProfile, fields=["client_secret"])
    saved = form_class({"client_secret": "another"}, instance=ProfileFactory()).save()
    saved.refresh_from_db()
    assert saved.client_secret.reveal() == "another"


def test_searching_for_a_secret_is_refused() -> None:
    with pytest.raises(FieldError):
        Connection.objects.filter(access_token="x").exists()


def test_no_representation_of_a_row_shows_a_secret() -> None:
    row = ConnectionFactory(access_token="plain-enough", refresh_token="plain-too")
    assert "plain" not in f"{row} {row!r} {vars(row)}"
