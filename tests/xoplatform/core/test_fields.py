from __future__ import annotations

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection, models
from django.forms import modelform_factory

from integrations.models import Action, AuthorizationProfile, Connection
from tests.factories import ActionFactory, AppFactory, ConnectionFactory, EndUserFactory, ProfileFactory
from xoplatform.core.crypto import Secret, SecretUnreadable, SecretUnsealed, SecretWithoutRow
from xoplatform.core.fields import EncryptedTextField, SecretLeftBehind, sealed

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


def copy_in_the_database(model: type[models.Model], column: str, source: models.Model, target: models.Model) -> None:
    """As somebody would who can write to the database, but has no key."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"update {table} set {column} = (select {column} from {table} where id = %s) where id = %s",
            [source.pk, target.pk],
        )


def test_a_token_copied_to_another_connection_cannot_be_read_there() -> None:
    ada, ben = ConnectionFactory.create_batch(2)
    copy_in_the_database(Connection, "access_token", ada, ben)
    with pytest.raises(SecretUnreadable):
        Connection.objects.get(pk=ben.pk).access_token.reveal()
    assert Connection.objects.get(pk=ada.pk).access_token.reveal() == ada.access_token.reveal()


def test_a_token_copied_to_another_column_cannot_be_read_there() -> None:
    row = ConnectionFactory()
    with connection.cursor() as cursor:
        cursor.execute("update integrations_connection set refresh_token = access_token")
    with pytest.raises(SecretUnreadable):
        Connection.objects.get(pk=row.pk).refresh_token.reveal()


def test_a_connection_given_to_another_person_in_the_database_has_no_token_for_them() -> None:
    row = ConnectionFactory(end_user=EndUserFactory())
    Connection.objects.filter(pk=row.pk).update(end_user=EndUserFactory(app=row.end_user.app))
    with pytest.raises(SecretUnreadable):
        Connection.objects.get(pk=row.pk).access_token.reveal()


def test_a_client_secret_copied_to_another_profile_cannot_be_read_there() -> None:
    ours, theirs = ProfileFactory(), ProfileFactory(client_secret="hidden-other")
    copy_in_the_database(AuthorizationProfile, "client_secret", ours, theirs)
    with pytest.raises(SecretUnreadable):
        AuthorizationProfile.objects.get(pk=theirs.pk).client_secret.reveal()


def test_a_profile_moved_to_another_app_in_the_database_does_not_bring_its_secret() -> None:
    profile = ProfileFactory()
    AuthorizationProfile.objects.update(app=AppFactory())
    with pytest.raises(SecretUnreadable):
        AuthorizationProfile.objects.get(pk=profile.pk).client_secret.reveal()


class TestIdentity:
    @pytest.fixture
    def row(self) -> Connection:
        row: Connection = ConnectionFactory(access_token="plain-enough")
        return Connection.objects.get(pk=row.pk)

    @pytest.fixture
    def other(self) -> Action:
        action: Action = ActionFactory()
        return action

    def test_a_row_that_gets_another_one_takes_its_secret_along(self, row: Connection, other: Action) -> None:
        row.action = other
        row.save()
        assert Connection.objects.get(action=other).access_token.reveal() == "plain-enough"

    def test_it_can_be_read_on_the_way(self, row: Connection, other: Action) -> None:
        row.action = other
        assert row.access_token.reveal() == "plain-enough"

    @pytest.mark.parametrize("name", ["action", "action_id"])
    def test_it_is_not_changed_without_the_secret(self, row: Connection, other: Action, name: str) -> None:
        row.action = other
        with pytest.raises(SecretLeftBehind):
            row.save(update_fields=[name])
        assert Connection.objects.get(pk=row.pk).access_token.reveal() == "plain-enough"

    def test_it_is_not_changed_while_the_secret_is_not_loaded(self, row: Connection, other: Action) -> None:
        light = Connection.objects.defer("access_token", "refresh_token").get(pk=row.pk)
        light.action = other
        with pytest.raises(SecretLeftBehind):
            light.save()

    def test_saving_other_columns_needs_no_secret(self, row: Connection) -> None:
        row.site_name = "renamed"
        row.save(update_fields=["site_name", "action"])
        assert Connection.objects.get(pk=row.pk).site_name == "renamed"

    def test_a_row_is_found_again_by_what_the_database_says(self, row: Connection, other: Action) -> None:
        row.action = other
        row.refresh_from_db()
        assert row.access_token.reveal() == "plain-enough"

    def test_a_column_bound_to_a_number_that_is_not_known_yet_is_refused_at_start(self) -> None:
        field = EncryptedTextField()
        field.model, field.name = AuthorizationProfile, "secret"
        assert [error.id for error in field._check_identity()] == ["xoplatform.E011"]

    def test_a_column_bound_to_one_that_does_not_exist_is_refused_at_start(self) -> None:
        field = EncryptedTextField(bound_to=["nothing"])
        field.model, field.name = AuthorizationProfile, "secret"
        assert [error.id for error in field._check_identity()] == ["xoplatform.E010"]


class TestUpdates:
    def test_a_sealed_value_can_be_read_in_its_row(self) -> None:
        row = ConnectionFactory()
        Connection.objects.filter(pk=row.pk).update(**sealed(row, access_token="newer", refresh_token=Secret("too")))
        stored = Connection.objects.get(pk=row.pk)
        assert (stored.access_token.reveal(), stored.refresh_token.reveal()) == ("newer", "too")

    def test_another_rows_secret_is_encrypted_anew(self) -> None:
        ada, ben = ConnectionFactory.create_batch(2)
        Connection.objects.filter(pk=ben.pk).update(**sealed(ben, access_token=ada.access_token))
        assert Connection.objects.get(pk=ben.pk).access_token.reveal() == ada.access_token.reveal()

    @pytest.mark.parametrize("value", ["plain", Secret("plain")])
    def test_a_secret_bound_to_no_row_is_never_stored(self, value: Secret | str) -> None:
        row = ConnectionFactory()
        with pytest.raises(SecretUnsealed, match="sealed"):
            Connection.objects.update(access_token=value)
        with pytest.raises(SecretUnsealed):
            Connection.objects.update(access_token=row.access_token)
        row.access_token = value
        with pytest.raises(SecretUnsealed):
            Connection.objects.bulk_update([row], ["access_token"])

    def test_a_secret_can_be_emptied_anywhere(self) -> None:
        ConnectionFactory.create_batch(2)
        Connection.objects.update(access_token="", refresh_token=Secret(""))
        assert not any(row.access_token or row.refresh_token for row in Connection.objects.all())

    def test_rows_made_in_bulk_are_bound_as_well(self) -> None:
        rows = [Connection(action=action, access_token="bulk") for action in ActionFactory.create_batch(2)]
        Connection.objects.bulk_create(rows)
        assert [row.access_token.reveal() for row in Connection.objects.all()] == ["bulk", "bulk"]

    def test_past_its_row_a_secret_cannot_be_read(self) -> None:
        ConnectionFactory()
        with pytest.raises(SecretWithoutRow):
            Connection.objects.values_list("access_token", flat=True).get().reveal()

    def test_a_row_of_a_related_query_reads_its_own(self) -> None:
        profile = ProfileFactory()
        ActionFactory(profile=profile, app=profile.app)
        found = Action.objects.select_related("profile").get().profile
        assert found is not None
        assert found.client_secret.reveal() == "hidden-client-secret"
