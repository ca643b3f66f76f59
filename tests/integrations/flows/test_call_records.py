from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest
from django.db import connection as database

from integrations import api
from integrations.models import Connection, OperationCall
from xoplatform.core import http

from .stand_in import Provider, answer, call

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler


pytestmark = pytest.mark.django_db


def test_a_reading_call_leaves_its_record_to_the_caller(provider: Provider, row: Connection) -> None:
    result = call(row, reference="talk-1")
    assert not OperationCall.objects.exists()
    assert result.record is not None
    api.record_calls([result.record])
    stored = OperationCall.objects.get()
    assert (stored.status, stored.reference, stored.http_status) == ("succeeded", "talk-1", 200)


def test_a_changing_call_is_stored_as_started_before_it_leaves(provider: Provider, row: Connection) -> None:
    statuses: list[str] = []

    def watch(request: BaseHTTPRequestHandler) -> None:
        answer(201, {"id": "1", "key": "DEMO-1"}, X_AAccountId="acting-account")(request)

    def before(record: OperationCall) -> None:
        record.save()
        statuses.append(OperationCall.objects.get().status)
        assert provider.seen == []

    provider.answers = [watch]
    call(row, "createIssue", before_send=before)
    stored = OperationCall.objects.get()
    assert statuses == ["started"]
    assert (stored.status, stored.http_status, stored.account) == ("succeeded", 201, "acting-account")


def test_what_before_send_raises_stops_the_call(provider: Provider, row: Connection) -> None:
    class ClaimLost(Exception):
        pass

    def before(_record: OperationCall) -> None:
        raise ClaimLost

    with pytest.raises(ClaimLost):
        call(row, "createIssue", before_send=before)
    assert provider.seen == []


def test_before_send_is_not_asked_for_reading_calls(provider: Provider, row: Connection) -> None:
    call(row, before_send=lambda _record: pytest.fail("asked"))


def test_no_secret_is_kept_or_shown(provider: Provider, row: Connection, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    provider.answers = [answer(200, {"access_token": "hidden-answer", "fields": {"password": "hidden-too"}})]
    result = call(row)
    assert result.record is not None
    kept = f"{result.trace} {result.record.request} {result.record.response} {caplog.text}"
    assert "hidden" not in kept


def test_a_long_answer_is_kept_in_part_only(provider: Provider, row: Connection) -> None:
    provider.answers = [answer(200, {"text": "x" * 100_000})]
    result = call(row)
    assert result.record is not None
    assert len(json.dumps(result.record.response)) < 10_000
    assert len(json.dumps(result.body)) > 100_000


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("operation", ["getIssue", "createIssue"])
def test_no_transaction_is_open_while_the_provider_answers(
    provider: Provider, row: Connection, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ones: list[bool] = []
    adapters = http.adapters()

    def note() -> object:
        open_ones.append(database.in_atomic_block)
        return adapters

    monkeypatch.setattr(http, "adapters", note)
    call(row, operation)
    assert open_ones == [False]
